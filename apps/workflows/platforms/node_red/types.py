"""What is known about Node-RED's node types, as data: the core's own and widespread others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from apps.workflows.analysis.graph import Kind, StepType, Trait
from apps.workflows.platforms.node_red.fields import words

#: A kind, its traits and the channel after ``#``, then the types they hold for.
_TABLE = """
trigger starts: inject | mqtt in | udp in | tcp in | websocket in | watch | status | tail
  | e-mail in | e-mail mta | feedparse | rpi-gpio in | rpi-mouse | rpi-keyboard | serial in | s7 in
  | modbus-read | zigbee2mqtt-in | redis-in | kafkajs-consumer | amqp in | amqp-in | xmpp in
  | irc in | twitter in | telegram receiver | telegram command | telegram event | sunrise
  | server-events | server-state-changed | trigger-state | poll-state | ha-device | ha-button
  | ha-events-calendar | ha-sentence | ha-tag | ha-time | ha-zone | hue-button | hue-motion
  | hue-tap | hue-switch | hue-temperature | hue-brightness | cronplus | bigtimer | schedex
  | openweathermap in | aedes broker | ui-event
trigger starts webhook: http in | httpin | ha-webhook
trigger manual: ui-button | ui-button-group | ui-dropdown | ui-form | ui-number-input
  | ui-radio-group | ui-slider | ui-switch | ui-text-input | ui-file-input | ui-control
  | ui-template | ui-table | ui_button | ui_dropdown | ui_form | ui_numeric | ui_slider
  | ui_switch | ui_text_input | ui_date_picker | ui_colour_picker | ui_ui_control | ui_template
  | ui_table | ui_list
trigger called: complete
error on-error: catch
branch: switch | rbe | gate | q-gate | bool-gate
wait: delay | trigger | ha-wait-until | stoptimer | mytimeout
loop: split
merge: join | batch
goto: link in | link out | link call
marker: junction
respond: http response
code: function
code risky: exec | bigexec | bigssh | sshv3 | daemon | pythonshell in | python-function
  | python3-function | unsafe-function
write writes risky: file | fs-ops-delete | fs-ops-move | fs-ops-copy | fs-ops-mkdir | fs-ops-link
write writes calls: influxdb out | influxdb batch | mongodb out | amazon s3 out | GSheet
  | api-call-service | ha-fire-event | modbus-write | modbus-flex-write | zigbee2mqtt-out
  | twitter out
call calls: http request | tcp request | tcp out | udp out | mqtt out | websocket out
  | serial request | serial out | xmpp out | irc out | amqp out | amqp-out | kafkajs-producer
  | redis-out | redis-command | redis-lua-script | mongodb in | mongodb2 in | mongodb4
  | influxdb in | amazon s3 | modbus-getter | modbus-flex-getter | s7 out | s7 control
  | zigbee2mqtt-get | api-get-history | ha-get-entities | api-render-template | openweathermap
  | ping | snmp | graphql | oauth2 | shelly-cloud | OpcUa-Client | OpcUa-Browser | OpcUa-Method
  | ftp in | sftp in
call calls sql: mysql | sqlite | postgres | postgresql | MSSQL | oracledb
message sends calls #email: e-mail | sendgrid
message sends calls #telegram: telegram sender | telegram reply
message sends calls #sms: twilio out
notify calls: pushover | pushbullet | prowl | notify | slack | slack-web-out | slack-rtm-out
notify: ui-notification | ui_toast
ai calls: OpenAI API
step risky: file in | fs-ops-dir | fs-ops-access | fs-ops-size | fs-ops-time
step: debug | change | range | template | csv | html | json | xml | yaml | sort | rpi-gpio out
  | random | smooth | base64 | msgpack | moment | string | counter | geofence | data-generator
  | api-current-state | hue-light | hue-group | hue-scene | hue-bridge-node | hue-rules
  | shelly-gen1 | shelly-gen2 | ha-entity | ha-sensor | ha-binary-sensor | ha-switch | ha-number
  | ha-select | ha-text | ha-update-config | worldmap | uibuilder | zigbee2mqtt-bridge | ui-text
  | ui-gauge | ui-chart | ui-progress | ui-audio | ui-markdown | ui_text | ui_gauge | ui_chart
  | ui_audio | ui_iframe | ui_led | ui_media
note: comment | tab | group
config: subflow | global-config
"""
_CLOSED = "no replacement: the interface it used was closed"
_RETIRED = {
    "httpin": "http in",
    "twitter in": _CLOSED,
    "twitter out": _CLOSED,
    "mongodb in": "mongodb4",
    "mongodb out": "mongodb4",
    "mongodb2 in": "mongodb4",
}
_OLD_DASHBOARD = "ui_"
_NEW_DASHBOARD = "Dashboard 2.0 (@flowfuse/node-red-dashboard)"


def _rows() -> Iterator[tuple[str, StepType]]:
    for row in re.split(r"\n(?!\s)", _TABLE.strip()):
        head, names = row.split(":", 1)
        facts, _, channel = head.partition("#")
        kind, *traits = facts.split()
        spec = StepType(Kind(kind), traits=frozenset(map(Trait, traits)), channel=channel)
        for name in re.split(r"\s*\|\s*", names.strip()):
            old = name.startswith(_OLD_DASHBOARD)
            instead = _NEW_DASHBOARD if old else _RETIRED.get(name, "")
            yield name, replace(spec, deprecated=instead) if instead else spec


TYPES = dict(_rows())


#: A node of these types is a source when nothing is wired into it: it reports by itself what
#: happens to the lamp, relay or page it stands for.
SELF_STARTING = words(
    "hue-light hue-group hue-bridge-node shelly-gen1 shelly-gen2 ha-entity ha-switch ha-number "
    "ha-select ha-text OpcUa-Client uibuilder ping ui-chart ui_chart ui-markdown zigbee2mqtt-bridge"
)
SOURCE = StepType(Kind.TRIGGER, traits=frozenset({Trait.STARTS}))

_INPUT_WORDS = words(
    "in input trigger triggers inject injector cron listen listener receive receiver consumer "
    "subscribe subscriber watch watcher webhook schedule scheduler event events poll poller"
)
#: Long enough to be no accident at the end of a name written in one word.
_INPUT_ENDINGS = tuple(
    words("trigger inject cron listener receiver consumer subscriber watcher webhook scheduler")
)
_LONGEST_TYPE = 200


def looks_like_input(name: str) -> bool:
    """Whether a type we do not know is called as nodes are that start a flow by themselves."""
    if not name or len(name) > _LONGEST_TYPE:
        return False
    spaced = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", name)
    last = re.split(r"[^A-Za-z0-9]+", spaced)[-1].lower()
    return last in _INPUT_WORDS or name.lower().endswith(_INPUT_ENDINGS)
