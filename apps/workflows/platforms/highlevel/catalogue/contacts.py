"""Steps that change the contact, its records and what it may see."""

from __future__ import annotations

from apps.workflows.analysis.graph import Kind
from apps.workflows.platforms.highlevel.catalogue.build import (
    CALLS,
    CONTACT,
    FOREIGN,
    MULTIPATH,
    WRITES,
    record,
    step,
)

CONTACTS = {
    "add_contact_tag": record("Add Contact Tag"),
    "add_contact_tag_tool": record("Add Contact Tag"),
    "remove_contact_tag": record("Remove Contact Tag"),
    "remove_contact_tag_tool": record("Remove Contact Tag"),
    "add_notes": record("Add Note"),
    "update_contact_field": record("Update Contact Field"),
    "dnd_contact": record("Enable/Disable DND"),
    "copy_contact_to_subaccount": record("Copy Contact"),
    "contact_engagement_score": record("Modify Contact Engagement Score"),
    "internal-add-contact-followers": record("Add Contact Followers"),
    "internal-remove-contact-followers": record("Remove Contact Followers"),
    "internal-delete-contact": record("Delete Contact"),
    "lc_merge_contact": record("Merge Contact", MULTIPATH),
    "remove_assigned_user": record("Remove Assigned User"),
    # Assigning tells a user that there is work, and it changes the contact.
    "assign_user": step(Kind.NOTIFY, "Assign to User", WRITES, CONTACT),
    "assign_to_user_tool": step(Kind.NOTIFY, "Assign to User", WRITES, CONTACT),
    # These three bring a contact instead of needing one.
    "create_update_contact": step(Kind.WRITE, "Create/Update Contact", WRITES),
    "find_contact": step(Kind.STEP, "Find Contact", MULTIPATH),
    # Its fields (nameSuffix, poBox, organizationName) are those of Google Contacts.
    "find_or_create_contact": step(Kind.CALL, "Find or Create Contact", CALLS, FOREIGN),
    "contact_email_verification": step(Kind.STEP, "Email Verification", CONTACT),
    "edit_conversation": step(Kind.STEP, "Edit Conversation", CONTACT),
}

OPPORTUNITIES = {
    "create_opportunity": record(
        "Create/Update Opportunity", deprecated="Create Opportunity or Update Opportunity"
    ),
    "internal_create_opportunity": record("Create Opportunity"),
    "internal_update_opportunity": record("Update Opportunity"),
    "find_opportunity": step(Kind.STEP, "Find Opportunity", CONTACT, MULTIPATH),
    "remove_opportunity": record("Remove Opportunity"),
    "internal-add-opportunities-followers": record("Add Follower(s) to Opportunity"),
    "internal-remove-opportunities-followers": record("Remove Follower(s) from Opportunity"),
    "internal-add-opportunity-owner": step(
        Kind.NOTIFY, "Add Owner to Opportunity", WRITES, CONTACT
    ),
    "internal-remove-opportunity-owner": record("Remove Owner from Opportunity"),
}

APPOINTMENTS = {
    "appointment_booking": record("Book Appointment"),
    "update_appointment_status": record("Update Appointment Status"),
    "calendars_create_appointment_note": record("Create Appointment/Booking Note"),
    "calendars_generate_one_time_booking_link": step(
        Kind.STEP, "Generate One Time Booking Link", CONTACT
    ),
}

#: Records that need no contact: a custom object may start the workflow itself.
OBJECTS = {
    "create_custom_object": step(Kind.WRITE, "Create Object Record", WRITES),
    "update_custom_object": step(Kind.WRITE, "Update Object Record", WRITES),
    "clear_custom_object_fields": step(Kind.WRITE, "Clear Fields of Object Record", WRITES),
    "find_associated_record": step(Kind.STEP, "Find Associated Record", MULTIPATH),
    "associate_records": step(Kind.WRITE, "Associate Records", WRITES),
    "remove_associated_record": step(Kind.WRITE, "Remove Associated Record", WRITES),
    "add_associated_records_to_workflow": step(Kind.ENROL, "Add Associated Records to Workflow"),
    "remove_associated_records_from_workflow": step(
        Kind.ENROL, "Remove Associated Records from Workflow"
    ),
    "create_and_associate_company": record("Create and Associate Company"),
    "update_associated_company": record("Update Associated Company"),
    "clear_associated_company_fields": record("Clear Associated Company Fields"),
}

MEMBERSHIPS = {
    "membership_grant_offer": record("Grant Offer"),
    "membership_revoke_offer": record("Revoke Offer"),
    "grant-group-access": record("Grant Group Access"),
    "revoke-group-access": record("Revoke Group Access"),
    "grant-private-channel-access": record("Grant Private Channel Access"),
    "revoke-private-channel-access": record("Revoke Private Channel Access"),
    "grant_user_group_gamification_points": record("Grant Community Leaderboard Points"),
    "issue_certificates_workflow": record("Issue Certificate"),
    "add_to_affiliate_manager": record("Add to Affiliate Manager"),
    "add_to_affiliate_campaign": record("Add to Affiliate Campaign"),
    "remove_from_affiliate_campaign": record("Remove from Affiliate Campaign"),
    "update_affiliate": record("Update Affiliate"),
    "am-add-lead": record("Add Leads under an Affiliate"),
    "am-add-manual-commission": record("Add Manual Sales for an Affiliate"),
}
