"""Triggers and steps of apps outside HighLevel: the keys we know, by app; we know no more."""

from __future__ import annotations

from apps.workflows.analysis.graph import Kind, StepType, Trait
from apps.workflows.platforms.highlevel.catalogue.build import foreign, worded

#: Trigger keys, apart by blanks.
TRIGGER_KEYS = {
    "Airtable": "airtable_new_record_created airtable_record_updated",
    "Apify": "apify_actor_run_finished apify_task_run_finished",
    "Asana": (
        "asana_it_asana_attachment_added_to_task asana_it_asana_comment_on_task "
        "asana_it_asana_new_subtask asana_it_asana_project_created "
        "asana_it_asana_tag_added_to_task asana_it_asana_task_created asana_it_asana_task_deleted "
        "asana_it_asana_task_moved_to_section asana_it_asana_task_updated"
    ),
    "BaseCamp": (
        "basecamp_new_activity basecamp_new_comment_added basecamp_new_document "
        "basecamp_new_message_posted basecamp_new_todo_created basecamp_new_todo_list "
        "basecamp_project_created"
    ),
    "Browse AI": "lc_browse_ai_new_task",
    "Cal.com": (
        "lc_cal_com_booking_cancelled lc_cal_com_booking_created lc_cal_com_booking_rescheduled "
        "lc_cal_com_meeting_ended lc_cal_com_ooo_created lc_cal_com_recording_ready"
    ),
    "Calendly": (
        "ankit_test_invitee_created calendly_event_cancelled calendly_invitee_canceled "
        "calendly_invitee_created calendly_invitee_no_show_created "
        "lc_calendly_new_routing_form_submission"
    ),
    "ClickUp": (
        "clickup_comment_created clickup_new_folder clickup_new_list clickup_new_task "
        "clickup_new_time_entry clickup_task_updated lc_cu_task_changes_internal"
    ),
    "Fathom": "lc_fathom_new_recording",
    "Google Contacts": "google_contacts_contact_created google_contacts_new_group",
    "Google Forms": "lc_gforms_new_updated_response",
    "Housecall Pro": (
        "lc_housecall_pro_customer_created lc_housecall_pro_estimate_created "
        "lc_housecall_pro_estimate_finished lc_housecall_pro_estimate_scheduled "
        "lc_housecall_pro_job_canceled lc_housecall_pro_job_created lc_housecall_pro_job_finished "
        "lc_housecall_pro_job_scheduled lc_housecall_pro_lead_created"
    ),
    "HubSpot": (
        "lc_hubspot_company_recently_created_or_updated lc_hubspot_contact_created "
        "lc_hubspot_contact_recently_created_or_updated lc_hubspot_crm_object_recently_created "
        "lc_hubspot_crm_object_recently_created_or_updated "
        "lc_hubspot_custom_object_recently_created "
        "lc_hubspot_custom_object_recently_created_or_updated "
        "lc_hubspot_deal_recently_created_or_updated lc_hubspot_new_company lc_hubspot_new_deal "
        "lc_hubspot_new_engagement lc_hubspot_new_product lc_hubspot_new_ticket "
        "lc_hubspot_product_recently_created_or_updated "
        "lc_hubspot_ticket_recently_created_or_updated"
    ),
    "Jira": "lc_jira_issue_created lc_jira_issue_update",
    "Klaviyo": (
        "lc_klaviyo_new_event lc_klaviyo_new_profile_created lc_klaviyo_profile_added_to_list "
        "lc_klaviyo_profile_added_to_segment"
    ),
    "Linear": (
        "lc_linear_new_customer lc_linear_new_customer_need lc_linear_new_document_comment "
        "lc_linear_new_initiative_update lc_linear_new_issue lc_linear_new_issue_comment "
        "lc_linear_new_project lc_linear_new_project_update lc_linear_updated_customer "
        "lc_linear_updated_customer_need lc_linear_updated_issue lc_linear_updated_project_update"
    ),
    "Manus AI": "lc_manus_new_task_created lc_manus_task_stopped",
    "Monday.com": (
        "lc_monday_any_column_value_changed lc_monday_board_created "
        "lc_monday_item_moved_to_any_group lc_monday_new_item_created "
        "lc_monday_new_subitem_created lc_monday_new_update_in_board "
        "lc_monday_user_added_to_board"
    ),
    "Notion": (
        "notion_comment_added notion_new_database_item notion_page_updated "
        "notion_updated_database_item"
    ),
    "Survey Monkey": "survey_monkey_it_response_completed",
    "Todoist": "lc_todoist_new_project lc_todoist_new_task lc_todoist_task_completed",
    "Typeform": "typeform_new_entry",
}

#: Step keys, apart by blanks.
STEP_KEYS = {
    "Airtable": (
        "airtable_create_record airtable_delete_record airtable_find_record_by_id "
        "airtable_retrieve_record airtable_update_record"
    ),
    "Apify": (
        "lc_apify_run_a_actor lc_custom_apify_fetch_dataset_items "
        "lc_custom_apify_fetch_key_value_store_record lc_custom_apify_find_last_actor_run "
        "lc_custom_apify_find_last_task_run lc_custom_apify_run_task "
        "lc_custom_apify_scrape_single_url lc_custom_apify_set_key_value_store_record"
    ),
    "Asana": (
        "asana_ia_asana_add_task_to_section asana_ia_asana_create_comment "
        "asana_ia_asana_create_project asana_ia_asana_create_section "
        "asana_ia_asana_create_subtask asana_ia_asana_create_task asana_ia_asana_find_task_by_id "
        "asana_ia_asana_get_task asana_ia_asana_update_task asana_ia_find_all_tasks_from_project "
        "asana_ia_find_comment_from_task asana_ia_find_comment_from_task_id "
        "asana_ia_find_task_in_project lc_custom_asana_find_project lc_custom_asana_find_section "
        "lc_custom_asana_get_project_by_id"
    ),
    "BaseCamp": (
        "add_person_to_project basecamp_create_campfire_message "
        "basecamp_create_comment_on_message basecamp_create_comment_on_todo "
        "basecamp_create_document basecamp_create_message basecamp_create_project_from_template "
        "basecamp_create_schedule_entry basecamp_create_todo basecamp_create_todo_list "
        "basecamp_find_document basecamp_find_person basecamp_find_project basecamp_find_to_do "
        "basecamp_find_to_do_list basecamp_get_todo basecamp_update_todo basecamp_upload_file "
        "create_basecamp_project"
    ),
    "Browse AI": (
        "lc_browse_ai_bulk_run_tasks lc_browse_ai_get_bulk_run lc_browse_ai_get_task "
        "lc_browse_ai_run_task"
    ),
    "Cal.com": (
        "lc_cal_com_cancel_booking lc_cal_com_create_booking lc_cal_com_find_booking "
        "lc_cal_com_reschedule_booking"
    ),
    "Calendly": (
        "lc_custom_calendly_book_meeting_for_invitee lc_custom_calendly_cancel_event "
        "lc_custom_calendly_create_contact lc_custom_calendly_create_one_off_meeting "
        "lc_custom_calendly_find_contact lc_custom_calendly_find_event "
        "lc_custom_calendly_find_user lc_custom_calendly_mark_invitee_no_show "
        "lc_custom_calendly_update_contact"
    ),
    "ClickUp": (
        "clickup_add_comment clickup_archive_task clickup_create_list clickup_ia_create_folder "
        "clickup_ia_create_space clickup_ia_create_sub_task clickup_ia_create_task "
        "clickup_ia_delete_task clickup_ia_update_task clickup_new_checklist create_new_document "
        "create_new_document_page create_task_attachment edit_document_page find_all_tasks "
        "find_custom_fields find_documents find_task_by_id"
    ),
    "Email ISV Public Edge": "bulk_email_verification",
    "Fathom": "lc_fathom_fetch_summary lc_fathom_fetch_transcript lc_fathom_list_recordings",
    "Google Contacts": (
        "add_contact_to_groups googlecontact_create_contact googlecontacts_create_contact_group "
        "googlecontacts_find googlecontacts_update_contact"
    ),
    "Google Forms": (
        "lc_gform_find_responses lc_gforms_find_form_by_id lc_gforms_find_forms_by_name "
        "lc_gforms_find_response_by_id"
    ),
    "Google Slides": (
        "lc_gs_create_presentation_from_template lc_gs_find_presentation lc_gs_refresh_charts"
    ),
    "Google Tasks": (
        "lc_google_tasks_create_task lc_google_tasks_create_task_list lc_google_tasks_find_task "
        "lc_google_tasks_get_tasks_by_list lc_google_tasks_update_task"
    ),
    "Housecall Pro": (
        "lc_housecall_pro_create_customer lc_housecall_pro_create_customer_address "
        "lc_housecall_pro_create_estimate lc_housecall_pro_create_job "
        "lc_housecall_pro_create_job_appointment lc_housecall_pro_create_lead "
        "lc_housecall_pro_find_customers lc_housecall_pro_get_customer "
        "lc_housecall_pro_get_customer_address lc_housecall_pro_get_estimate "
        "lc_housecall_pro_get_job lc_housecall_pro_get_jobs lc_housecall_pro_get_lead "
        "lc_housecall_pro_update_customer lc_housecall_pro_update_job_appointment"
    ),
    "HubSpot": (
        "lc_hubspot_create_contact lc_hubspot_find_contact lc_hubspot_get_crm_object_by_id "
        "lc_hubspot_get_custom_object_by_id"
    ),
    "Jira": (
        "lc_custom_jira_create_issue_with_comment lc_jira_add_attachment_to_issue "
        "lc_jira_add_comment lc_jira_add_watcher_to_issue lc_jira_add_work_log_to_issue "
        "lc_jira_create_issue lc_jira_find_issues lc_jira_find_projects lc_jira_find_users "
        "lc_jira_link_issue lc_jira_move_issue_to_sprint lc_jira_update_issue"
    ),
    "Klaviyo": (
        "lc_klaviyo_add_profile_to_list lc_klaviyo_add_tag_to_list lc_klaviyo_add_tag_to_segment "
        "lc_klaviyo_create_list lc_klaviyo_create_profile lc_klaviyo_find_campaigns "
        "lc_klaviyo_find_list lc_klaviyo_find_profile lc_klaviyo_find_segment "
        "lc_klaviyo_find_tags lc_klaviyo_remove_profile_from_list lc_klaviyo_remove_tag_from_list "
        "lc_klaviyo_remove_tag_from_segment lc_klaviyo_send_campaign lc_klaviyo_subscribe_profile "
        "lc_klaviyo_unsubscribe_profile lc_klaviyo_update_profile"
    ),
    "Linear": (
        "lc_linear_add_label_to_issue lc_linear_create_attachment lc_linear_create_comment "
        "lc_linear_create_customer lc_linear_create_customer_need lc_linear_create_issue "
        "lc_linear_create_project lc_linear_find_customer lc_linear_find_issue_by_id "
        "lc_linear_find_issues lc_linear_find_project_by_id lc_linear_remove_label "
        "lc_linear_update_issue"
    ),
    "Manus AI": (
        "lc_manus_continue_task lc_manus_create_task lc_manus_delete_task lc_manus_fetch_task "
        "lc_manus_get_task lc_manus_update_task"
    ),
    "Mistral AI": (
        "lc_mistral_ai_analyze_image_vision lc_mistral_ai_create_chat_completion "
        "lc_mistral_ai_create_embeddings"
    ),
    "Monday.com": (
        "lc_monday_archieve_board lc_monday_archive_group lc_monday_create_board "
        "lc_monday_create_column lc_monday_create_group lc_monday_create_item "
        "lc_monday_create_subitem lc_monday_delete_group lc_monday_delete_item "
        "lc_monday_find_by_column lc_monday_find_items_by_id lc_monday_get_items "
        "lc_monday_update_item lc_monday_update_subitem"
    ),
    "Notion": (
        "find-notion-page-by-title find_notion_comment notion_add_comment "
        "notion_add_content_to_page notion_create_database_item notion_create_page "
        "notion_find_database_item notion_get_page_and_children notion_get_page_comments "
        "notion_restore_database_item notion_retrieve_page notion_update_database_item"
    ),
    "OpenRouter": "lc_openrouter_generate_response",
    "Staging Test": "test_compilation",
    "Survey Monkey": (
        "survey_monkey_ia_create_contact survey_monkey_ia_delete_survey survey_monkey_ia_inputs "
        "survey_monkey_ia_search_contact survey_monkey_ia_send_survey"
    ),
    "Todoist": (
        "lc_todoist_add_comment_to_project lc_todoist_add_comment_to_task "
        "lc_todoist_complete_task lc_todoist_create_project lc_todoist_create_task "
        "lc_todoist_find_project lc_todoist_find_task lc_todoist_find_user "
        "lc_todoist_get_project_collaborators lc_todoist_invite_user_to_project "
        "lc_todoist_move_task_to_section lc_todoist_update_task"
    ),
    "Typeform": (
        "lc_tf_create_form typeform_create_form typeform_duplicate_existing_form "
        "typeform_search_responses"
    ),
    "Vapi.ai": (
        "lc_vapi_create_call lc_vapi_create_chat lc_vapi_delete_call_data lc_vapi_delete_chat "
        "lc_vapi_delete_file lc_vapi_find_call lc_vapi_update_call lc_vapi_upload_file"
    ),
}


def _table(keys: dict[str, str], kind: Kind, *traits: Trait) -> dict[str, StepType]:
    found = {}
    for app, names in keys.items():
        short = app.lower().replace(".", "_").replace(" ", "_")
        prefixes = ("lc_", "custom_", f"{short}_", f"{short.replace('_', '')}_", "ia_", "it_")
        for key in names.split():
            found[key] = foreign(worded(app, key, prefixes), kind, *traits)
    return found


FOREIGN_TRIGGERS = _table(TRIGGER_KEYS, Kind.TRIGGER, Trait.STARTS, Trait.NEEDS_CONTACT)
FOREIGN_STEPS = _table(STEP_KEYS, Kind.CALL)
