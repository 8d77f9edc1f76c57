"""What is done with one's own data: taken along, agreed to, closed, erased."""

from alumni.mydata.actions.closing import (
    GRACE,
    EventsToHandOver,
    GroupsToHandOver,
    LastAdmin,
    close_account,
    keep_account,
)
from alumni.mydata.actions.consents import choose
from alumni.mydata.actions.erasing import erase_account, erase_again, erase_due
from alumni.mydata.actions.exporting import (
    EXPORT,
    FORGET_EXPORT,
    ExportInTheMaking,
    ask_for_export,
    collect,
    count_export,
    find_export,
    finish_export,
    forget_export_file,
    forget_exports,
    read_export,
    sweep_exports,
    write_export,
)
from alumni.mydata.actions.lists import keep_list, kept_list, read_lines, write_lines

__all__ = [
    "EXPORT",
    "FORGET_EXPORT",
    "GRACE",
    "EventsToHandOver",
    "ExportInTheMaking",
    "GroupsToHandOver",
    "LastAdmin",
    "ask_for_export",
    "choose",
    "close_account",
    "collect",
    "count_export",
    "erase_account",
    "erase_again",
    "erase_due",
    "find_export",
    "finish_export",
    "forget_export_file",
    "forget_exports",
    "keep_account",
    "keep_list",
    "kept_list",
    "read_export",
    "read_lines",
    "sweep_exports",
    "write_export",
    "write_lines",
]
