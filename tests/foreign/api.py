"""Uses the interface with nothing but the client that others' code made from its description.

usage: api.py ORIGIN PASSWORD KEY  (beside the folder `shanji_client`). Every answer is read into the types that the
description promises; what is missing or of another type ends it. Prints a configuration for schemathesis: numbers of
things that are there, so that its questions reach something.
"""
import sys
import uuid

from shanji_client import AuthenticatedClient, Client
from shanji_client.api.campaigns import get_campaigns, get_campaigns_campaign, post_campaigns_campaign_intents
from shanji_client.api.counter_gifts import post_counter_gifts
from shanji_client.api.donations import get_donations_donation
from shanji_client.api.funds import get_funds_fund
from shanji_client.api.home import get_home
from shanji_client.api.intents import get_intents_intent, post_intents_intent_demo_payment
from shanji_client.api.log import get_log, get_log_leaves_index
from shanji_client.api.movements import get_movements_movement
from shanji_client.api.organisations import get_organisations, get_organisations_organisation
from shanji_client.api.organisations import get_organisations_organisation_desk
from shanji_client.api.rules import get_rules, get_rules_rule
from shanji_client.api.search import get_search, get_search_suggest
from shanji_client.api.sessions import get_sessions_current, post_sessions
from shanji_client.models import CounterGiftNew, IntentNew, Problem, SignIn

PAGES_MAX = 50
ORIGIN, PASSWORD, KEY = sys.argv[1:4]
PROGRAM = {"X-Api-Key": KEY}
anybody = Client(base_url=ORIGIN, headers=PROGRAM)


def say(what):
    print(what, file=sys.stderr)


def pages(first):
    """All rows of a list, page by page."""
    rows, cursor = [], None
    for _ in range(PAGES_MAX):
        page = first(cursor)
        rows += page.rows
        cursor = page.next_
        if not isinstance(cursor, str):
            return rows
    sys.exit("a list does not end")


def all_of(listed):
    return pages(lambda cursor: listed(client=anybody, **({"cursor": cursor} if cursor else {})))


def the_public_reads():
    """Home, lists to their ends, every campaign and its funds."""
    home = get_home.sync(client=anybody)
    assert home.totals.raised > 0, home.totals
    campaigns = all_of(get_campaigns.sync)
    assert len(campaigns) >= 8, campaigns
    funds = {}
    for card in campaigns:
        page = get_campaigns_campaign.sync(card.id, client=anybody)
        assert page.card.title == card.title and page.card.raised == card.raised, (page.card, card)
        for fund in page.funds:
            funds[fund.id] = get_funds_fund.sync(fund.id, client=anybody)
    movements = [line.id for fund in funds.values() for line in fund.movements.rows[:2]]
    for movement in movements:
        assert get_movements_movement.sync(movement, client=anybody).line.id == movement
    organisations = all_of(get_organisations.sync)
    for line in organisations[:9]:
        assert get_organisations_organisation.sync(line.id, client=anybody).line == line
    rules = all_of(get_rules.sync)
    assert len(rules) > 100 and get_rules_rule.sync(rules[0].id, client=anybody).line.id == rules[0].id
    log = get_log.sync(client=anybody)
    assert get_log_leaves_index.sync("0", client=anybody).index == 0
    found = get_search.sync(client=anybody, q=campaigns[0].title)
    assert get_search_suggest.sync(client=anybody, q=campaigns[0].title[:2]) is not None
    say(f"{len(campaigns)} campaigns, {len(funds)} funds, {len(movements)} movements, {len(organisations)} organisations,"
        f" {len(rules)} rules, {log.leaves} leaves, {len(found.counts)} counts of a search")
    live = [card for card in campaigns if card.state == "live"]
    return live[0], next(iter(funds)), movements[0], organisations[0].id


def somebody_gives(campaign):
    """A gift from the offer to the receipt; the number of the receipt."""
    key = uuid.uuid4().hex
    gift = IntentNew(amount="50.00", donor_name="王小明", display="named")
    made = post_campaigns_campaign_intents.sync(campaign.id, client=anybody, body=gift, idempotency_key=key)
    again = post_campaigns_campaign_intents.sync(campaign.id, client=anybody, body=gift, idempotency_key=key)
    assert made.id == again.id, "one key, two gifts"
    other = IntentNew(amount="51.00")
    refused = post_campaigns_campaign_intents.sync(campaign.id, client=anybody, body=other, idempotency_key=key)
    assert isinstance(refused, Problem) and refused.status == 409, refused
    post_intents_intent_demo_payment.sync(made.id, client=anybody, token=made.token)
    paid = get_intents_intent.sync(made.id, client=anybody, token=made.token)
    receipt = get_donations_donation.sync(paid.donation, client=anybody)
    assert receipt.amount == 5000, receipt
    return made.id, paid.donation


def a_clerk_works(campaign):
    """Signs in, reads the own desk, enters a gift twice under one key; the token."""
    session = post_sessions.sync(client=anybody, body=SignIn(login="maker", password=PASSWORD))
    clerk = AuthenticatedClient(base_url=ORIGIN, token=session.token, headers=PROGRAM)
    me = get_sessions_current.sync(client=clerk)
    own = me.organisations[0].id
    desk = get_organisations_organisation_desk.sync(own, client=clerk)
    assert get_organisations_organisation_desk.sync(own, client=anybody).status in (401, 403)
    here = [card for card in all_of(get_campaigns.sync) if card.organisation.id == own and card.state == "live"]
    key = uuid.uuid4().hex
    gift = CounterGiftNew.from_dict({"campaign": here[0].id, "channel": "cash", "slip": key,
                                     "gift": {"amount": "20.00", "donor_name": "李四"}})
    first = post_counter_gifts.sync(client=clerk, body=gift, idempotency_key=key)
    again = post_counter_gifts.sync(client=clerk, body=gift, idempotency_key=key)
    assert first == again and first.donation, (first, again)
    wrong = CounterGiftNew.from_dict({"campaign": here[0].id, "channel": "cash", "slip": key + "x",
                                      "gift": {"amount": "-1", "donor_kind": "nobody"}})
    problem = post_counter_gifts.sync(client=clerk, body=wrong, idempotency_key=uuid.uuid4().hex)
    assert isinstance(problem, Problem) and len(problem.problems) >= 2, problem
    say(f"the clerk {me.login} has {len(desk.duties)} duties; gift {first.donation}; {len(problem.problems)} problems told at once")
    return session.token, own


live, fund, movement, organisation = the_public_reads()
intent, donation = somebody_gives(live)
token, own = a_clerk_works(live)
known = {"campaign": live.id, "fund": fund, "movement": movement, "organisation": own, "donation": donation,
         "intent": intent, "day": "2026-03-10", "index": "0", "rule": "CF-08", "login": "checker"}
print(f'headers = {{ Authorization = "Bearer {token}", X-Api-Key = "{KEY}" }}')
print("[parameters]")
for name, value in known.items():
    print(f'"path.{name}" = "{value}"')
