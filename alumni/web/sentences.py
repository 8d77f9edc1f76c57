"""What an error says, in the reader's words."""

from typing import Any

from flask_babel import lazy_gettext as _l

# What happened, in the reader's words. A code without a sentence here fails a test.
SENTENCES: dict[str, Any] = {
    "not-found": _l("There is no such page, or it is not open to you."),
    "sign-in-needed": _l("Sign in to go on."),
    "token-refused": _l("This token opens nothing: it is over, was ended, or never was one. Make a new one."),
    "scope-missing": _l("This token was not made for this. It needs what is called %(scope)s."),
    "tokens-full": _l("You have %(most)s tokens already. End one before you make another."),
    "token-made": _l("This token was made already, and it is not shown again. Make another if you did not keep it."),
    "account-suspended": _l("Your account is suspended. You can read your own data and write to the moderators."),
    "account-closing": _l("Your account is being closed. Keep it first, then this is open to you again."),
    "export-in-the-making": _l("A copy is being made already. You get a letter when it is ready."),
    "last-admin": _l(
        "Nobody else administers this installation. Make somebody else an administrator, then close yours."
    ),
    "groups-to-hand-over": _l(
        "Nobody else organises these groups: %(groups)s. Appoint another organiser in each, then close your account."
    ),
    "events-to-hand-over": _l(
        "Nobody else runs these events: %(events)s. Call them off, or give them to a group, then close your account."
    ),
    "second-factor-needed": _l("Whoever works for others signs in with a code as well. Set it up first."),
    "proof-needed": _l("It is too long ago that you entered your password or code. Enter it again, then go on."),
    "second-factor-there": _l("An app for codes is set up already. Turn it off before you set up another."),
    "pending-over": _l("The time or the tries for your code are used up. Sign in again."),
    "foreign-form": _l(
        "This form did not come from our own page, or the page was open for too long. "
        "Go back, reload it and send it again."
    ),
    "not-permitted": _l("You may not do this."),
    "invalid": _l("Something in what you sent has to be corrected."),
    "too-many": _l("Too many tries. Wait %(minutes)s minutes, then try again."),
    "address-not-confirmed": _l("Confirm your address first. We have just written to it again."),
    "link-not-valid": _l("This link is too old or was used already. Ask for a new one."),
    "profile-needed": _l("Enter your name in your profile first, so that others know who you are."),
    "career-full": _l("There are as many stations as we keep. Remove one before you add another."),
    "already-claimed": _l("You have said this before. Your participations show where the claim stands."),
    "claim-decided": _l("This claim has been decided or taken back already. Nothing was changed."),
    "claims-paused": _l(
        "You have named facts three times that did not prove who you are. Try again tomorrow. "
        "What you have sent is looked at all the same."
    ),
    "case-in-hand": _l("Somebody at the desk looks at it just now. Wait half an hour, then try again."),
    "cohort-claimed": _l("This person claims the group of this entry as well. Decide on that claim."),
    "case-taken": _l("Another reviewer has this case in hand. Nothing was changed."),
    "entry-claimed": _l(
        "Somebody else has this entry of the roster. Decide between the two: take it back from them, "
        "or say that this person is on no roster."
    ),
    "not-exact": _l("Not everything agrees here, or somebody else says the same. Look at it by itself."),
    "not-disputed": _l("Nobody else names this place any more. Nothing was changed."),
    "evidence-full": _l("There are four files already. Remove one before you add another."),
    "fonts-missing": _l(
        "This installation has no font for these letters, so it cannot draw the paper: %(letters)s. "
        "Ask whoever runs it, or print the page itself."
    ),
    "changed-meanwhile": _l("Somebody else has changed this in the meantime. Look at it again before you save."),
    "door-closed": _l("Arrivals are noted from a day before the event until 90 days after it."),
    "event-not-begun": _l("This event has not begun yet. What came of it can be told once it has."),
    "feedback-closed": _l("One says how it was from the end of the event until 30 days later."),
    "questions-missing": _l("Nothing is asked about this event so far."),
    "vouch-closed": _l("This question is answered or gone already. Nothing was changed."),
    "vouches-used-up": _l("You have vouched for as many people as one can in a month. Answer again later."),
    "vouchers-not-asked": _l("Nobody can be asked about this claim: say first which group you were in."),
    "removed-from-group": _l("An organiser took you out of this group. Write to them if you think it was a mistake."),
    "last-organiser": _l("A group needs an organiser. Let somebody else be made organiser first."),
    "questions-frozen": _l("Somebody has replied already, so the questions stay as they are."),
    "tenure-over": _l("This term is over: it was ended or handed over. Nothing was changed."),
    "group-archived": _l("This group is archived: it can be read, but nothing new happens there."),
    "group-not-made": _l("Another group was made in the same moment. Send it again."),
    "proposal-decided": _l("This proposal was decided or taken back already. Nothing was changed."),
    "proposals-waiting": _l("Three of your proposals wait already. Propose more when one is decided."),
    "team-full": _l("All places of this team are taken. Choose another."),
    "in-a-team": _l("You are in another team of this task already. Leave it first."),
    "deadline-over": _l("The deadline has passed. What was handed in stays as it is."),
    "session-full": _l("All seats of this session are taken. What you had chosen before is still yours."),
    "session-over": _l("This session is over. Nothing was changed."),
    "recommendation-moved": _l("This recommendation stands differently by now. Nothing was changed."),
    "slot-taken": _l("Somebody else has this time. Choose another."),
    "slot-over": _l("This time has passed. Choose another."),
    "time-taken": _l("At this time there is another meeting already. Choose another time."),
    "requests-open": _l("%(most)s of your requests wait for an answer. Withdraw one, or wait until one is decided."),
    "not-asked": _l("This request was decided or taken back already. Nothing was changed."),
    "idea-changed": _l("Somebody else of the team has saved it since you opened it. Nothing was overwritten."),
    "invitation-over": _l("This invitation was used, declined, taken back, or is too old. Nothing was changed."),
    "participation-needed": _l("Into this group comes who took part. Say where you took part first."),
    "not-waiting": _l("This person is not waiting any more: the request was decided or taken back."),
    "participation-not-verified": _l(
        "This group is for those who were in the cohort. They are in it as soon as their participation is verified."
    ),
    "no-seat-left": _l("All seats are taken. Nothing was changed; perhaps somebody gives one back."),
    "visits-closed": _l("This event takes no visitors just now. Nothing was changed."),
    "line-closed": _l("All seats are taken, and it has begun. Nobody can wait for a seat any more."),
    "no-room-to-change": _l("There are not so many seats there. What you had before is still yours."),
    "answers-not-open": _l("One cannot answer yet. The page of the event says from when."),
    "answers-closed": _l("It is too late to say that you come. You can still say that you do not."),
    "attendance-declined": _l("The organisers have decided that you do not come. Write to them if it is a mistake."),
    "not-in-line": _l("This person does not wait for a seat any more. Nothing was changed."),
    "not-pending": _l("This request was decided or taken back already. Nothing was changed."),
    "not-coming": _l("This person does not come anyhow. Nothing was changed."),
    "pins-full": _l("Three posts are on top already. Take one down first."),
    "announced-already": _l("This post was announced already. Nothing was sent again."),
    "post-not-waiting": _l("Somebody else has looked at this post already, or it is gone. Nothing was changed."),
    "post-changed": _l("You have edited this post in another window meanwhile. Open it again, then make your change."),
    "event-over": _l("This event has taken place already. Nothing was changed."),
    "event-cancelled": _l("This event was called off. Nothing was changed."),
    "event-not-published": _l("This event is only proposed. You can answer once an organiser has published it."),
    "event-already-published": _l("This event is published already. Nothing was changed."),
    "not-an-object": _l("Send a JSON object, with a name for each value."),
    "report-not-taken": _l("Nobody has taken this case yet. Take it first, then decide."),
    "report-taken": _l("Another moderator has this case in hand."),
    "report-decided": _l("This case is decided already."),
    "appeal-made": _l("You have appealed against this already. The answer comes by letter, and stands on its page."),
    "appeal-too-late": _l("One can appeal within 60 days of a decision. This one stands."),
    "appeal-decided": _l("Nobody asks for another look at this, or it was answered already. Nothing was changed."),
    "not-hidden": _l("It is not hidden, so there is nothing to restore."),
    "storage-away": _l("Files cannot be stored or read just now. Nothing was changed. Try again in a moment."),
    "invitation-not-valid": _l("This invitation is too old, was used already, or a newer one took its place."),
    "letters-used-up": _l("As many invitations as a day allows are on their way. Go on tomorrow."),
    "not-invitable": _l(
        "No letter goes to this person: they are back already, marked, listed twice, without an address,"
        " or were written to within a week."
    ),
    "nothing-came-back": _l("No letter to this person is under way. Nothing was changed."),
    "marked-already": _l("The entry is marked like this already. Nothing was changed."),
    "pair-decided": _l("Somebody has decided these two already. Take that back first."),
    "pair-open": _l("Nobody has decided these two, or it was taken back. Nothing was changed."),
    "kept-apart": _l(
        "One of them was said to be somebody else than another entry of the same person. Look at that first."
    ),
    "minutes-moved": _l(
        "Somebody has saved another version of these minutes since you began. "
        "Copy what you wrote, look at theirs, then go on."
    ),
    "minutes-missing": _l("There are no minutes for this yet. Nothing was changed."),
    "mandate-over": _l("This term is over already. Nothing was changed."),
    "import-moved": _l("This import is in another state by now, or work on it is under way. Nothing was changed."),
    "import-overtaken": _l(
        "Another list has changed these rosters since this one was compared with them. Compare it again, then commit."
    ),
    "import-settled": _l("This import was committed more than 30 days ago. It can no longer be undone."),
    "sheet-refused": _l("This file could not be read. Nothing was changed."),
    "nominations-closed": _l("The list of candidates is closed. Nothing was changed."),
    "voting-not-open": _l("Voting has not begun yet. The page of the election says when it does."),
    "voting-closed": _l("Voting is over. Nothing was changed."),
    "voted-already": _l("You have voted already. Each has one vote, and it cannot be changed."),
    "not-tied": _l("There is no tie to decide, or somebody has decided it already."),
    "nobody-elected": _l("Nobody is elected, so nobody can be appointed. Decide the tie, or hold the election again."),
    "candidate-gone": _l("Whoever was elected is not in the group any more. Hold the election again."),
    "founding-moved": _l("These papers are handed in, decided or given up by now. Nothing was changed."),
    "paper-changed": _l(
        "Somebody else has saved this paper since you opened it. Open it again and put in your changes."
    ),
    "papers-missing": _l("Not all papers are there. The page of the founding says which are missing."),
    "appointed-already": _l("Whoever was elected has been appointed already."),
    "request-answered": _l("You have answered this request already. Nothing was changed."),
    "request-waits": _l("Your note waits for an answer. You can write more as soon as they have accepted."),
    "conversation-over": _l("The other person has left this conversation. Nothing was sent."),
    "not-suspended": _l("The account is not suspended, so there is nothing to lift."),
}

# Who could do it, for a refusal.
WHO: dict[str, Any] = {
    "organiser": _l("An organiser of the group can do this."),
    "author": _l("Whoever wrote it can do this, while they may speak to these people."),
    "keeper": _l("An organiser of the group, or whoever keeps its records, can do this."),
    "member": _l("Members with a verified participation can do this."),
    "organiser-above": _l("An organiser of a group above this one, or an administrator, can do this."),
    "participant": _l("People who were in this cohort can do this. Say that you were there, then come back."),
    "came": _l("People who came to the event can do this."),
    "invited": _l("People whom an organiser has invited can do this."),
    "graduate": _l("People whose participation in this programme is verified can do this."),
    "founder": _l("The founding members who have confirmed can do this."),
    "decider": _l(
        "An organiser of the umbrella or an administrator can do this, unless they found the association themselves."
    ),
    "voter": _l("Members who were in the group by the day that the election names can vote."),
    "candidate": _l("Members of the group can do this, but for whoever conducts the election."),
    "election-officer": _l("The election officer alone can do this."),
    "organiser-no-candidate": _l("An organiser of the group who is no candidate can do this."),
    "team-member": _l("People of the team can do this."),
    "inviter": _l("Organisers of the group, and members where the group lets them, can invite."),
    "going": _l("Whoever is going to the event can do this."),
    "contact": _l("Whoever speaks for the company, or an organiser, can do this."),
    "asked": _l("Whoever was asked can do this."),
    "insider": _l("People in the group can do this."),
    "verified": _l("People whose participation is verified can do this."),
    "moderator": _l("A moderator can do this."),
    "another-moderator": _l("Another moderator decides this: it is about you, or you reported it."),
    "another-than-decided": _l(
        "Somebody else answers this: you have decided it, you reported it, or it is about you. "
        "Where there is one moderator, an administrator does."
    ),
    "admin": _l("An administrator can do this."),
    "officer": _l("An officer of this programme or country, or an administrator, can do this."),
    "another-officer": _l("Somebody else decides this: it is your own claim."),
    "another-reviewer": _l("Somebody else decides this: you have decided it before."),
    "voucher": _l("Verified members of the same group who were asked can do this."),
    "whom-they-let": _l("People whom this person lets write to them can do this."),
    "whom-they-asked": _l("The person who was asked can do this."),
    "owner": _l("Only the person it belongs to can do this."),
    "nobody": _l("Nobody can do this."),
}

# What is wrong with a value, and what to do. `field` errors of the domain use these codes.
PROBLEMS: dict[str, Any] = {
    "cursor": _l("This place in the list is no longer known. Start again from the first page."),
    "limit": _l("Ask for 1 to %(most)s at a time."),
    "email": _l("Enter an e-mail address like name@example.org."),
    "password": _l("This is not your password."),
    "code": _l("This code is not right, or was used already. Wait for the next one and enter that."),
    "not-expected": _l(
        "Nobody who answered this event has such a ticket. Look for the name, or note them without one."
    ),
    "ticket-needed": _l("Enter the code of a ticket, or a name."),
    "unknown": _l("This is not one of the choices. Choose one from the list."),
    "contact-public": _l("How to reach you is never shown to the public. Choose a smaller circle."),
    "taken": _l("This is already in use. Choose another."),
    "zone": _l("There is no such time zone. Choose one from the list."),
    "past": _l("This time has passed. Enter one that is still to come."),
    "time-skipped": _l(
        "This time does not exist there: clocks go forward from %(last)s to %(first)s."
        " Enter a time before %(last)s, or %(first)s or later."
    ),
    "time-repeated": _l(
        "This time comes twice, because clocks go back that day. Say whether you mean the first or the second."
    ),
    "ends-before-start": _l("The end must come after the start."),
    "not-for-visitors": _l(
        "Visitors can come only if the event is open to everybody, without an invitation and without your yes to each."
    ),
    "holds-it-already": _l("This group holds the event already."),
    "too-many-hosts": _l("At most %(most)s groups are asked."),
    "unknown-group": _l("There is no such group. Copy the address of its page."),
    "rule": _l("This is no rule that can be followed. Enter one like FREQ=WEEKLY;BYDAY=TU;COUNT=10."),
    "series-start": _l("The first day is not one of those days. Change the start, or how it repeats."),
    "series-of-one": _l("It takes place only once like this. Choose a later end, or that it does not repeat."),
    "series-endless": _l("Say until which day it repeats."),
    "series-too-many": _l("These are more than %(most)s dates. Choose an earlier end."),
    "series-too-long": _l("A series lasts at most two years. Choose an earlier end."),
    "on-that-day": _l("This is not possible on %(day)s. Leave that day out, or look at it by itself."),
    "too-long": _l("An event lasts at most %(most)s days. Enter an earlier end."),
    "online-promised": _l("%(going)s people take part online or wait for it. Keep it in person and online."),
    "not-hybrid": _l("This event has one part only."),
    "too-many-guests": _l("You can bring %(most)s guests. Take names out."),
    "after-event": _l("Choose a moment before the event ends."),
    "too-many-questions": _l("These are %(most)s questions. Nobody fills in more."),
    "two-choices": _l("Write at least two choices, one a line."),
    "kept-too-long": _l("Choose a day from today on, at most a year after the event."),
    "not-inside": _l("This person is not in the group. Let them join first."),
    "successor": _l("Choose somebody else: this person has the role now."),
    "no-member": _l("There is no member at this address: %(handle)s"),
    "seats-promised": _l(
        "%(going)s people are going already. Enter %(going)s or more, leave it empty, "
        "or choose who goes back to the line."
    ),
    "term": _l("Choose a day from today to ten years from now."),
    "term-of-office": _l("Choose a day from today on, at most three years after the first day."),
    "no-account": _l("Nobody has an account with this address. Let the person sign up first."),
    "account-not-active": _l(
        "This account is not active. Its address has to be confirmed, and it must not be suspended."
    ),
    "scope-needed": _l("Choose programmes, a country, or both."),
    "years-reversed": _l("The last year is before the first. Correct one of them."),
    "cycle": _l("This group lies below the one that you are placing. Choose another."),
    "invitations-a-day": _l("You can invite %(most)s people to a group in a day. Send fewer, or go on tomorrow."),
    "link-uses": _l("A link of yours is for %(most)s people at most."),
    "not-in-team": _l("Choose somebody who is in the team."),
    "teams-many": _l("There are %(most)s teams. Join one of them."),
    "outside-event": _l("This lies outside the time of the event. Choose a time within it."),
    "sessions-many": _l("There are %(most)s sessions already. Remove one first."),
    "session-chosen": _l("%(people)s people have chosen it. Enter %(people)s or more, or leave it empty."),
    "handovers-many": _l("It was handed to %(most)s already. Take one back first."),
    "not-of-delegation": _l("Choose somebody of this country who is going."),
    "companies-many": _l("There are %(most)s companies already. Take one out first."),
    "slots-many": _l("A company has %(most)s times at most. Choose longer ones, or a shorter while."),
    "slot-too-long": _l("This is longer than the time from beginning to end. Enter fewer minutes."),
    "team-name-taken": _l("Another team has this name. Choose another."),
    "takes-no-part": _l("This person is not in the group, or is not going to the event."),
    "slug-taken": _l("This address belongs to another group, or to a page. Choose another."),
    "rule-empty": _l("Choose at least a programme or a country. Otherwise everybody would fulfil it."),
    "cohort-joins": _l("Into the group of a cohort comes who was there. That cannot be changed."),
    "answer-needed": _l("Answer the question of the group."),
    "parent-needed": _l("Choose the series or the programme that it belongs to."),
    "series-needed": _l("An edition belongs to a series. Choose a series."),
    "other-family": _l("This belongs to another family. Choose one of the same family."),
    "circle": _l("This leads back to the programme itself. Choose another."),
    "has-successor": _l("Another programme follows it already: %(name)s. Choose another."),
    "end-before-start": _l("The end is before the start. Give both dates equally exactly, for example 2017-03-07."),
    "year-needed": _l("Enter the fiscal year, or the day on which it began."),
    "fiscal-year": _l("Going by its first day, the fiscal year (April to March) is %(year)s."),
    "one-thing": _l("Name one thing: a post, an event, a member or a message."),
    "picture-none": _l("Choose a picture first."),
    "picture-unreadable": _l("That is not a picture we can read. Choose a JPEG, PNG, WebP, HEIC or AVIF file."),
    "picture-bytes": _l("This picture is larger than %(most)s MB. Choose a smaller one."),
    "picture-pixels": _l("This picture has more pixels than we take. Make it smaller, or save it as a JPEG."),
    "picture-small": _l("This picture is too small. Choose one that is at least %(least)s pixels wide and high."),
    "pictures-many": _l("A post has at most %(most)s pictures. Leave some out."),
    "report-pictures": _l("A report has at most %(most)s pictures. Leave some out."),
    "caption-needed": _l("Say of each picture what is in it."),
    "quote-not-agreed": _l("Quote only who has agreed: ask them, then tick it, or leave the quote out."),
    "picture-alt": _l("Say of each picture what is in it, for those who do not see it. What you sent is kept here."),
    "same-address": _l("This is your address already."),
    "circular-begun": _l("It is planned, on its way, or was stopped. Only a draft can be changed."),
    "circular-over": _l("It is not on its way, so there is nothing to stop."),
    "version-missing": _l("Write the subject and the text in the main language."),
    "not-yours": _l("You cannot write to these people. Choose from the list."),
    "nobody-to-tell": _l("Nobody in the group fits this. Choose a larger part of it."),
    "group-not-public": _l("Not everybody sees this group, so it has no public feed."),
    "evidence-none": _l("Choose a file first."),
    "evidence-bytes": _l("This file is larger than %(most)s MB. Choose a smaller one."),
    "evidence-unreadable": _l(
        "That is neither a picture nor a PDF that we can read. Choose a JPEG, PNG, WebP, HEIC or PDF."
    ),
    "post-repeated": _l(
        "You have written the same in another place within a day. Write there what concerns those people, or ask "
        "an organiser of a group above them to announce it."
    ),
    "why-needed": _l("Choose a rule, or say why in your own words. The person concerned reads it."),
    "only-posts-removed": _l("Only a post can be removed. Hide this instead."),
    "nobody-to-warn": _l("There is no account behind this that could be warned."),
    "nothing-to-hide": _l("What was deleted is gone. Choose another decision."),
    "no-slug": _l("The English name needs Latin letters or digits: its address is made of them."),
    "not-in-name": _l("This is no part of your name. Copy the part of your name that it is, or leave it empty."),
    "country-of-mandate": _l("Choose a programme and the country that your mandate is for."),
    "columns-differ": _l("Say of each column what it is."),
    "name-column-needed": _l("Say which column holds the name."),
    "column-twice": _l("Two columns cannot be the same. Keep one of them as it is."),
    "order-needed": _l("Say how the dates are meant."),
    "headings-none": _l("No row of this list looks like headings. Put names above the columns, then send it again."),
    "title-needed": _l("Give the new cohort a title."),
    "sheet-bytes": _l("This file is larger than %(most)s MB. Cut it into several lists."),
    "sheet-rows": _l("This list has more than %(most)s rows. Cut it into several lists."),
    "sheet-columns": _l("Row %(row)s has more than %(most)s columns. Take out what is not needed."),
    "sheet-cell": _l(
        "Row %(row)s has a cell of more than %(most)s characters, or a quotation mark that never ends. Correct it."
    ),
    "sheet-line": _l("Row %(row)s never ends. This is no list of people; choose another file."),
    "sheet-not-a-table": _l("This is not a list. Choose a CSV or an XLSX file."),
    "sheet-old-workbook": _l("This is an old kind of workbook. Open it and save it as .xlsx, then send that."),
    "sheet-password": _l("This workbook asks for a password. Save it without one, then send that."),
    "sheet-formula": _l(
        "Row %(row)s, column %(column)s holds a formula. "
        "Paste the values of the list into a new workbook, then send that."
    ),
    "sheet-bomb": _l("This file unpacks to far more than it seems. Save the list as CSV, then send that."),
    "sheet-encoding": _l("Its letters could not be read. Save the list as CSV in UTF-8, then send that."),
    "sheet-empty": _l("This file is empty. Choose another."),
    "sheet-missing": _l("There is no sheet of this name. Choose one of the list."),
    "sheet-unreadable": _l("This file is damaged, or too large to be read. Open it, save it anew, and send that."),
    "number-taken": _l("This number is given already. Choose the next one that is free."),
    "series-of-number": _l("A number counts in a series. Choose the series, or leave the number out."),
    "one-host": _l("A meeting has one host. Choose an association, or name another host; not both."),
    "not-below": _l("This association does not belong to the group. Choose one of the list."),
    "absent-with-people": _l("Nobody came, so there is nobody to count. Leave the numbers out."),
    "signed-already": _l("Somebody has signed for this association already. Take that out first."),
    "not-later": _l("Choose a meeting of this group that came after the one of the resolution."),
    "after-opening": _l("Choose a day before voting begins."),
    "opens-before-roll": _l(
        "Members who join until the day that is named may vote. Choose a beginning on that day or later."
    ),
    "vote-length": _l("Votes are cast for an hour at least and %(most)s days at most. Choose another end."),
    "not-in-group": _l("No member of this group shows themselves to you at this address. Look in its list of people."),
    "no-members": _l("No member whose participation is verified shows themselves to you at: %(handles)s"),
    "officer-stands": _l("Whoever conducts an election does not stand in it. Choose somebody else."),
    "links-of-the-new": _l("In your first week a note has no links in it. Take them out, then send it again."),
    "same-words": _l("You have sent these very words to others. Write what you would like to say to this one person."),
    "nobody-to-suspend": _l("There is no account behind this that could be suspended. Choose another decision."),
}

TITLES: dict[int, Any] = {
    400: _l("That could not be read"),
    401: _l("Sign in first"),
    403: _l("Not permitted"),
    404: _l("Not found"),
    405: _l("That does not work here"),
    409: _l("Not possible now"),
    410: _l("This link no longer works"),
    412: _l("It has changed in the meantime"),
    413: _l("That is too large"),
    415: _l("That could not be read"),
    422: _l("Please check what you entered"),
    429: _l("Slow down a little"),
    500: _l("Something went wrong on our side"),
    503: _l("We are not available just now"),
}

TEXTS: dict[int, Any] = {
    400: _l("The request was not complete. Nothing was changed."),
    404: SENTENCES["not-found"],
    405: _l("This address does not take that kind of request. Nothing was changed."),
    413: _l("What you sent is larger than we take. Nothing was stored."),
    415: _l("Send JSON, with the header Content-Type: application/json."),
    500: _l("It has been noted. Nothing you saved before is lost. Try again in a moment."),
    503: _l("Try again in a moment. Nothing you saved is lost."),
}
