"""What starts a workflow: the platform's own triggers."""

from __future__ import annotations

from apps.workflows.analysis.graph import Kind, Trait
from apps.workflows.platforms.highlevel.catalogue.build import FOREIGN, step, trigger

#: A trigger we have never heard of still starts the workflow, and is judged no further.
UNKNOWN_TRIGGER = trigger("")

CONTACT_TRIGGERS = {
    "birthday_reminder": trigger("Birthday Reminder"),
    "contact_changed": trigger("Contact Changed"),
    "contact_created": trigger("Contact Created"),
    "contact_engagement_score": trigger("Contact Engagement Score"),
    "contact_tag": trigger("Contact Tag"),
    "custom_date_reminder": trigger("Custom Date Reminder"),
    "dnd_contact": trigger("Contact DND"),
    "note_add": trigger("Note Added"),
    "note_changed": trigger("Note Changed"),
    "task_added": trigger("Task Added"),
    "task_completed": trigger("Task Completed"),
    "task_due_date_reminder": trigger("Task Reminder"),
}

EVENT_TRIGGERS = {
    "call_status": trigger("Call Details"),
    # Jumps into a running conversation, at the step its ``targetActionId`` names.
    "conv_ai_autonomous_trigger": trigger("Conversation AI Custom Trigger"),
    "conv_ai_trigger": trigger("Conversation AI Trigger"),
    "customer_reply": trigger("Customer Replied"),
    "external_tracking": trigger("External Tracking Event"),
    "facebook_lead_gen": trigger("Facebook Lead Form Submitted"),
    "form_submission": trigger("Form Submitted"),
    "funnel_website_pageview": trigger("Funnel/Website PageView"),
    "inbound_trigger": trigger("Inbound Trigger"),
    # Whether its data leads to a contact is decided by who sends it; the file cannot tell.
    "inbound_webhook": trigger("Inbound Webhook", Trait.WEBHOOK),
    "linkedin_form_submitted": trigger("LinkedIn Lead Form Submitted"),
    "mailgun_email_event": trigger("Email Events"),
    "messaging_errors": trigger("Messaging Error - SMS"),
    "new_prospect_received_workflow": trigger("Prospect Generated"),
    "quiz_submitted": trigger("Quiz Submitted"),
    "reputation_review_received": trigger("New Review Received"),
    # The one start with no contact behind it.
    "scheduler_trigger": step(Kind.TRIGGER, "Scheduler", Trait.STARTS),
    "survey_submission": trigger("Survey Submitted"),
    "tik_tok_form_submitted": trigger("TikTok Form Submitted"),
    "trigger_link": trigger("Trigger Link Clicked"),
    "user_replied": trigger("User Replied"),
    "validation_error": trigger("Number Validation"),
    "video_event": trigger("Video Tracking"),
    "whatsapp_referral": trigger("Click to WhatsApp Ads"),
    "conversations_sla": trigger("Conversations SLA"),
    "ig_follower_added": trigger("Instagram New Follower"),
    "ig_comment_on_post": trigger("Instagram - Comment(s) on a Post"),
    "facebook_comment_on_post": trigger("Facebook - Comment(s) on a Post"),
    "tiktok_comment_on_post": trigger("TikTok - Comment(s) on a Video"),
    "transcript_generated": trigger("Transcript Generated"),
    "google_lead_form_submitted": trigger("Google Lead Form Submitted"),
    "ivr_incoming_call": trigger("Start IVR Trigger"),
}

SALES_TRIGGERS = {
    "appointment": trigger("Appointment Status"),
    "customer_appointment": trigger("Customer Booked Appointment", deprecated="Appointment Status"),
    "rental_booking": trigger("Rental Booking"),
    "service_booking": trigger("Service Booking"),
    "opportunity_changed": trigger("Opportunity Changed"),
    "opportunity_created": trigger("Opportunity Created"),
    "opportunity_decay": trigger("Stale Opportunities"),
    "opportunity_status_changed": trigger("Opportunity Status Changed"),
    "pipeline_stage_updated": trigger("Pipeline Stage Changed"),
    "coupon_code_applied": trigger("Coupon Code Applied"),
    "coupon_code_expired": trigger("Coupon Code Expired"),
    "coupon_code_redeemed": trigger("Coupon Code Redeemed"),
    "coupon_redemption_limit_reached": trigger("Coupon Redemption Limit Reached"),
    "estimate_update": trigger("Estimates"),
    "proposal_estimate_update": trigger("Documents & Contracts"),
    "invoice": trigger("Invoice"),
    "order_submission": trigger("Order Submitted"),
    "payment_received": trigger("Payment Received"),
    "refund": trigger("Refund"),
    "subscription": trigger("Subscription"),
    "two_step_form_submission": trigger("Order Form Submission"),
    "abandoned_checkout": trigger("Abandoned Checkout"),
    "ecommerce_order_fulfilled_trigger": trigger("Order Fulfilled"),
    "leadgen_ecommerce_review_submitted": trigger("Product Review Submitted"),
    "shopify_abandoned_cart": trigger("Abandoned Checkout (Shopify)", FOREIGN),
    "shopify_order_fulfilled": trigger("Order Fulfilled (Shopify)", FOREIGN),
    "shopify_order_placed": trigger("Order Placed (Shopify)", FOREIGN),
}

MEMBER_TRIGGERS = {
    "category_completed": trigger("Category Completed"),
    "category_started": trigger("Category Started"),
    "lesson_completed": trigger("Lesson Completed"),
    "lesson_started": trigger("Lesson Started"),
    "membership_contact_created": trigger("Membership New Signup"),
    "offer_access_granted": trigger("Offer Access Granted"),
    "offer_access_removed": trigger("Offer Access Removed"),
    "product_access_granted": trigger("Product Access Granted"),
    "product_access_removed": trigger("Product Access Removed"),
    "product_completed": trigger("Product Completed"),
    "product_started": trigger("Product Started"),
    "user_log_in": trigger("User Login"),
    "client_portal_file_uploaded": trigger("Client Portal File Uploaded"),
    "group_access_granted": trigger("Group Access Granted"),
    "group_access_revoked": trigger("Group Access Revoked"),
    "group_comment_created": trigger("Group Comment Created"),
    "group_event_rsvp_created": trigger("Group Event RSVP Created"),
    "group_membership_rejected": trigger("Group Membership Rejected"),
    "group_post_created": trigger("Group Post Created"),
    "private_channel_access_granted": trigger("Private Channel Access Granted"),
    "private_channel_access_revoked": trigger("Private Channel Access Revoked"),
    "user_group_gamification_level_changed": trigger("Community Leaderboard Level Changed"),
    "certificates_issued_workflow": trigger("Certificates Issued"),
    "custom_object_changed": trigger("Custom Object Changed"),
    "custom_object_created": trigger("Custom Object Created"),
    "affiliate_campaign_enroll": trigger("Affiliate Enrolled in Campaign"),
    "affiliate_sales": trigger("New Affiliate Sales"),
    "affiliate_created": trigger("Affiliate Created"),
    "affiliate_new_lead": trigger("Lead Created"),
}
