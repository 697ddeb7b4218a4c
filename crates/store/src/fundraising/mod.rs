//! Fundraising 募捐: campaigns, intents and donations as they are kept.

mod campaign;
mod channel_day;
mod donation;
mod gift_find;
mod gift_list;
mod intent;
mod privacy;
mod question;
mod report;

pub use campaign::{
    CampaignRecord, campaign_by_filing, campaign_by_id, campaign_record, campaign_titles,
    campaigns_by_ids, campaigns_of_organisation, campaigns_of_state, campaigns_published,
};
pub use channel_day::{
    ChannelDay, channel_day_add, channels_of_day, channels_of_days, day_after, day_before,
    days_of_organisation, gifts_of_house, gifts_of_organisation, received_until,
};
pub use donation::{
    DonationPrivateRecord, DonationRecord, donation_by_id, donation_by_intent, donation_private,
    donations_by_ids, donations_held, donations_of_campaign, donations_of_day,
    donations_of_organisation, donations_recent, last_of_day,
};
pub use gift_find::{
    PrivateHit, channels_of_numbers, donations_by_external, donations_by_private, donor_names,
};
pub use gift_list::{GiftFilter, GiftOrder, GiftScope, GiftTally, gifts_listed, gifts_tally};
pub use intent::{IntentRecord, intent_by_id};
pub use privacy::{
    RestrictionRecord, WithdrawalRecord, leaves_of_record, restriction_of,
    restrictions_of_organisation, withdrawal_of, withdrawal_of_file, withdrawals_of_campaign,
    withdrawals_of_leaf, withdrawals_of_organisation,
};
pub(crate) use question::question_of_row;
pub use question::{
    QuestionCounts, QuestionRecord, question_by_id, question_counts, questions_answered,
    questions_waiting,
};
pub use report::{ReportRecord, reports_of_campaign};
