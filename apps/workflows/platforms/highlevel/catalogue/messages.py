"""Steps that reach the contact or the team, take money, or speak through an AI bot."""

from __future__ import annotations

from apps.workflows.analysis.graph import Kind
from apps.workflows.platforms.highlevel.catalogue.build import (
    CALLS,
    CHARGES,
    CONTACT,
    MULTIPATH,
    SENDS,
    WAITS,
    WRITES,
    bot,
    message,
    record,
    step,
)

MESSAGES = {
    "sms": message("Send SMS", "sms"),
    "email": message("Send Email", "email"),
    "call": message("Call", "call"),
    "voicemail": message("Voicemail", "voicemail"),
    "voice_ai_outbound_call": message("Voice AI Outbound Call", "call"),
    "messenger": message("Messenger", "messenger"),
    "fb_interactive_messenger": message("Facebook Interactive Messenger", "messenger"),
    "send_messenger_optin": message("Send Messenger Opt-in", "messenger"),
    "instagram-dm": message("Instagram DM", "instagram"),
    "ig_interactive_messenger": message("Instagram Interactive Messenger", "instagram"),
    "tiktok-dm": message("TikTok Interactive Messenger", "tiktok"),
    "gmb": message("GMB Messaging", "gmb"),
    "live_chat_response": message("Send Live Chat Message", "live_chat"),
    "respond_on_comment": message("Reply in Comments", "comment"),
    "send-rcs": message("Send RCS", "rcs"),
    "send_rcs": message("Send RCS", "rcs"),
    # A button or a flow is answered by the contact, and the step branches by the answer.
    "rcs_interactive_message": message("RCS Interactive Message", "rcs", MULTIPATH, WAITS),
    "whatsapp_interactive_messages": message(
        "WhatsApp Interactive Messages", "whatsapp", MULTIPATH, WAITS
    ),
    "send_whatsapp_flow": message("WhatsApp: Send Flows", "whatsapp", MULTIPATH, WAITS),
    # These branch by the delivery status, which nobody has to answer.
    "whatsapp_v2": message("WhatsApp", "whatsapp", MULTIPATH),
    "send_whatsapp_message": message("WhatsApp", "whatsapp"),
    "whatsapp_media": message("WhatsApp Media", "whatsapp"),
    "whatsapp_24h_window": step(Kind.BRANCH, "WhatsApp: Customer Service Window Check", CONTACT),
    "custom-push-notification": message("Smart Push Notification", "push"),
    "imessage_a": message("Send iMessage", "imessage"),
    "send_smart_message": message("Send Smart Message", "message"),
    # A tap-back, not a message.
    "react_to_last_message": step(Kind.STEP, "React to Last Message", CONTACT),
    "review_request": message("Send Review Request", "sms"),
}

#: The channel of a review request is one of its settings.
REVIEW_REQUESTS = {way: message("Send Review Request", way) for way in ("sms", "email", "whatsapp")}

TEAM = {
    "internal_notification": step(Kind.NOTIFY, "Internal Notification"),
    "slack_message": step(Kind.NOTIFY, "Slack", CALLS),
    # A task may stand alone: HighLevel creates it without a contact where there is none.
    "task-notification": step(Kind.NOTIFY, "Add Task", WRITES),
    # Manual actions put the contact on a user's list; whether and when a person calls or texts
    # is that person's choice, so nothing is sent here.
    "manual-call": step(Kind.NOTIFY, "Manual Call", CONTACT),
    "manual-sms": step(Kind.NOTIFY, "Manual SMS", CONTACT),
    "log-external-call": record("Log External Call"),
}

#: Bills are not messages: nobody wants them counted among reminders. An estimate is no bill.
PAYMENTS = {
    "payments_create_invoice": record("Send Invoice", CHARGES),
    "create_recurring_invoice": record("Send Recurring Invoice", CHARGES),
    "payments_create_estimate": step(
        Kind.WRITE, "Send Estimate", WRITES, SENDS, CONTACT, channel="document"
    ),
    "proposals_estimates_send_document": step(
        Kind.WRITE, "Send Documents & Contracts", WRITES, SENDS, CONTACT, channel="document"
    ),
    "stripe_one_time_charge": step(Kind.CALL, "Stripe One-Time Charge", CHARGES, CALLS, CONTACT),
}

#: A bot writes in the conversation the contact is in, so its channel is “conversation”.
BOTS = {
    "conversation_ai": bot("Conversation AI", WAITS),
    # These two wait only where “wait for reply” is switched on in the step.
    "conversationai_ai_message": bot("AI Message"),
    "conversationai_custom_message": message("Custom Message", "conversation"),
    "conversationai_objective": bot("AI Capture Information", WAITS, WRITES),
    "conversationai_book_appointment": bot("Book Appointment by AI", WAITS, WRITES, MULTIPATH),
    "conversationai_services_booking": bot("Services Booking by AI", WAITS, WRITES, MULTIPATH),
    "appointment_booking_conversation_ai": bot(
        "Appointment Booking Conversation AI Bot", WAITS, WRITES, MULTIPATH
    ),
    "add_appointment_booking_ai_bot": bot("AI Appointment Booking Bot", WAITS, WRITES),
    "conversationai_continue": step(Kind.AI, "Continue Conversation", WAITS, CONTACT),
    "conversationai_end": step(Kind.AI, "End Conversation", CONTACT),
    "conversationai_transfer_bot": step(Kind.AI, "Transfer Bot", CONTACT),
    # It sorts by what the contact has already said.
    "conversationai_ai_splitter": step(Kind.AI, "AI Splitter", CONTACT, MULTIPATH),
    "update_conversation_ai_status": step(
        Kind.STEP, "Update Conversation AI Bot and Status", CONTACT
    ),
    "send_to_eliza": step(Kind.AI, "Send to Eliza Agent Platform", CONTACT),
}
