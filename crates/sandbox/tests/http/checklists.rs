//! The published behaviours of both services by number, each with the test that holds the stand-in
//! to it. A number without a test, or a test that is not there, fails here.

/// Google: 68 behaviours.
const GOOGLE: [(&[u8], &str); 24] = [
    (&[1, 2, 3, 4, 52], "an_update_replaces_what_it_names"),
    (&[5, 6], "every_change_moves_both_etags_and_the_time"),
    (&[7, 8, 64], "each_fault_does_what_it_says"),
    (&[8], "a_create_is_not_idempotent"),
    (&[9, 10, 13, 16], "deltas_tell_changes_and_tombstones"),
    (&[9, 65], "pages_hold_everybody_once"),
    (&[11, 12], "sync_tokens_end_in_every_published_way"),
    (&[11, 12, 15], "sync_tokens_are_bound_and_expire"),
    (&[14], "writes_lag_in_lists_only"),
    (&[17, 18, 19, 20], "people_act_and_names_move"),
    (&[18, 19, 20], "people_vanish_come_back_and_are_renamed"),
    (&[21], "profiles_mix_in_unless_only_the_contact_is_asked_for"),
    (&[22, 24, 25], "google_codes_work_once_and_with_everything_right"),
    (&[22, 23], "some_refusals_are_seen_by_the_browser_alone"),
    (&[23, 28], "consent_pages_work_as_plain_forms"),
    (&[25, 26, 27, 30, 31], "google_tokens_live_and_die"),
    (&[27, 30], "a_google_sign_in_has_many_ends"),
    (&[28, 29], "google_scopes_are_what_was_ticked"),
    (&[31], "another_account_is_somebody_else"),
    (&[32, 59, 60, 61, 62], "every_quota_and_cap_has_its_words"),
    (&[33, 34, 35, 36, 37, 38], "batches_are_all_or_nothing"),
    (&[33, 35, 36, 38], "every_batch_has_its_end_and_does_nothing_past_it"),
    (&[54, 55, 56, 57, 58], "labels"),
    (&[63], "writes_at_the_same_time_are_answered_as_the_switch_says"),
];

/// Google, what is about fields, frames and hooks.
const GOOGLE_FIELDS: [(&[u8], &str); 8] = [
    (&[32, 59, 62], "quotas_caps_and_switches"),
    (&[39, 46, 51, 53], "what_is_refused"),
    (&[39, 40, 41, 43, 45, 46, 47, 48, 49, 51], "fields_come_back_as_the_server_makes_them"),
    (&[41, 42, 43, 44], "the_server_derives"),
    (&[45, 46], "the_server_refuses"),
    (&[50, 65], "lists_cut_long_fields_and_single_reads_do_not"),
    (&[66, 67], "errors_have_the_old_array_too_and_strangers_get_a_page"),
    (&[68], "control_over_http"),
];

/// Zoho: 70 behaviours; the last, jobs in bulk, counts only where a product uses them.
const ZOHO: [(&[u8], &str); 30] = [
    (&[1, 2], "tokens_end_and_are_called_by_either_name"),
    (&[3, 4, 5, 6, 8, 10, 66], "zoho_tokens_and_data_centres"),
    (&[7], "the_newest_sign_in_at_zoho_pushes_the_oldest_out"),
    (&[3, 9, 10], "a_zoho_code_is_for_one_use_one_place_and_two_minutes"),
    (&[8, 42, 65], "zoho_scopes_redirects_and_devices"),
    (&[65], "a_code_made_in_the_console_needs_no_redirect"),
    (&[11, 13, 14, 15, 16, 17], "lists_page_and_filter"),
    (&[15, 16], "a_page_token_reaches_a_hundred_thousand_records"),
    (&[16, 17, 18], "pages_end_where_they_should_and_their_tokens_too"),
    (&[13, 68, 69], "the_boundary_second_is_as_the_switch_says_and_imports_share_it"),
    (&[12, 20, 22, 24, 26, 27, 46], "insert_update_delete_restore"),
    (&[24, 25], "the_bin_forgets"),
    (&[26, 38], "what_is_gone_is_answered_as_the_switch_says"),
    (&[19, 21, 28, 30, 31, 32, 33, 34, 58, 59], "what_a_write_is_refused_for"),
    (&[21, 28, 32, 33, 52, 54], "a_write_is_refused_item_by_item"),
    (&[23], "unmodified_since_guards_a_write"),
    (&[29], "a_named_layout_makes_its_own_demands"),
    (&[23, 35], "an_upsert_checks_the_fields_that_it_is_told"),
    (&[35, 50, 51, 52, 67], "upsert_leads_states_and_merges"),
    (&[36, 37, 47, 48], "automations_credits_and_concurrency"),
    (&[47, 48], "calls_cost_credits_and_too_many_at_once_are_refused"),
    (&[39, 40, 41, 43, 49, 53], "views_rights_and_metadata"),
    (&[43, 44], "requests_are_refused_as_a_whole_flat_or_wrapped"),
    (&[45], "the_sample_is_there"),
    (&[53, 55, 64], "metadata_tells_what_a_setup_needs"),
    (&[56, 57], "coql_and_search"),
    (&[58, 59, 60, 61, 67], "lookups_tags_and_lists_have_their_forms"),
    (&[62, 63], "an_answer_may_trickle"),
    (&[63], "each_fault_does_what_it_says"),
    (&[31], "patterns"),
];

const SOURCES: [&str; 13] = [
    include_str!("faults.rs"),
    include_str!("google.rs"),
    include_str!("google_fields.rs"),
    include_str!("google_more.rs"),
    include_str!("labels.rs"),
    include_str!("login.rs"),
    include_str!("login_more.rs"),
    include_str!("queries.rs"),
    include_str!("zoho.rs"),
    include_str!("zoho_more.rs"),
    include_str!("zoho_writes.rs"),
    concat!(include_str!("../../google/person.rs"), include_str!("../../zoho/check.rs")),
    include_str!("../../zoho/paging.rs"),
];

#[test]
fn every_published_behaviour_has_its_test() {
    let google: Vec<_> = GOOGLE.iter().chain(&GOOGLE_FIELDS).collect();
    for (service, last, table) in
        [("Google", 68, google), ("Zoho", 69, ZOHO.iter().collect::<Vec<_>>())]
    {
        let without = (1..=last).filter(|n| !table.iter().any(|(held, _)| held.contains(n)));
        assert_eq!(
            without.collect::<Vec<u8>>(),
            Vec::<u8>::new(),
            "{service}: numbers without a test"
        );
        for (_, test) in table {
            let there = |source: &&str| source.contains(&format!("fn {test}()"));
            assert!(SOURCES.iter().any(there), "{service}: {test} is a test");
        }
    }
}
