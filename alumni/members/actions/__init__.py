"""What members do: write their profile, choose who sees it, block, claim that they took part."""

from alumni.members.actions.blocks import block_member, unblock_member
from alumni.members.actions.listings import refresh_listings
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
from alumni.members.actions.profile import (
    CareerDraft,
    CareerFull,
    ProfileDraft,
    ProfileNeeded,
    choose_audiences,
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
    "REBUILD",
    "AlreadyClaimed",
    "CareerDraft",
    "CareerFull",
    "ClaimDecided",
    "ClaimDraft",
    "ProfileDraft",
    "ProfileNeeded",
    "block_member",
    "choose_audiences",
    "claim_participation",
    "decline_participation",
    "hide_member",
    "leave_directory",
    "rebuild_listings",
    "refresh_listings",
    "remove_career_entry",
    "return_to_directory",
    "revoke_participation",
    "save_career_entry",
    "save_profile",
    "show_member",
    "unblock_member",
    "verify_participation",
    "withdraw_claim",
]
