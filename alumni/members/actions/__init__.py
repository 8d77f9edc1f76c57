"""What members do: write their profile, choose who sees it, block, claim that they took part."""

from alumni.members.actions.blocks import block_member, unblock_member
from alumni.members.actions.listings import refresh_listings
from alumni.members.actions.offers import OfferDraft, add_offer, edit_offer
from alumni.members.actions.participations import (
    AlreadyClaimed,
    ClaimDecided,
    ClaimDraft,
    claim_participation,
    decline_participation,
    revoke_participation,
    verify_participation,
    withdraw_claim,
)
from alumni.members.actions.pictures import (
    FORGET_PICTURE,
    change_picture,
    count_picture,
    forget_picture,
    keep_picture,
    remove_picture,
    sweep_pictures,
)
from alumni.members.actions.profile import (
    CareerDraft,
    CareerFull,
    ProfileDraft,
    ProfileNeeded,
    choose_audiences,
    come_of_age,
    hide_member,
    leave_directory,
    remove_career_entry,
    return_to_directory,
    save_career_entry,
    save_profile,
    show_member,
)
from alumni.members.actions.rebuild import REBUILD, rebuild_listings

__all__ = [
    "FORGET_PICTURE",
    "REBUILD",
    "AlreadyClaimed",
    "CareerDraft",
    "CareerFull",
    "ClaimDecided",
    "ClaimDraft",
    "OfferDraft",
    "ProfileDraft",
    "ProfileNeeded",
    "add_offer",
    "block_member",
    "change_picture",
    "choose_audiences",
    "claim_participation",
    "come_of_age",
    "count_picture",
    "decline_participation",
    "edit_offer",
    "forget_picture",
    "hide_member",
    "keep_picture",
    "leave_directory",
    "rebuild_listings",
    "refresh_listings",
    "remove_career_entry",
    "remove_picture",
    "return_to_directory",
    "revoke_participation",
    "save_career_entry",
    "save_profile",
    "show_member",
    "sweep_pictures",
    "unblock_member",
    "verify_participation",
    "withdraw_claim",
]
