#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Manual pages and completions as the build has made them: roff without a warning, all of --help in the page, and what
# bash offers behind each kind of word.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/host/cli_lib.sh
. "$here/cli_lib.sh"
share=$bin/../share

for tool in fwup fwpkg fwrelease ocfd sluice-sim; do
    begin "given the page of $tool / when it is formatted / then without a warning, with every option of --help"
    expect 0 groff -ww -man -Tascii -P-c -P-bou "$share/man/man1/$tool.1"
    [ ! -s err ] || complain "groff says: $(cat err)"
    cp out page
    for part in NAME SYNOPSIS NOTES "EXIT STATUS"; do grep -qx "$part" page || complain "no section $part"; done
    expect 0 "$bin/$tool" --help
    grep -oE '^ +(-[a-z], )?--?[a-z0-9-]+|^ +[a-z-]+=' out | grep -oE '[a-z0-9-]+=?$' >options
    [ "$(wc -l <options)" -gt 5 ] || complain "--help has only: $(cat options)"
    while read -r option; do grep -qE -- "^ +.*$option" page || complain "the page lacks $option"; done <options
    finish
    # shellcheck source=/dev/null # made by the build
    . "$share/bash-completion/completions/$tool"
done

touch image.pldm other.bin
mkdir state
# offers SENTENCE REPLIES WORD...: what is offered for the last word.
offers() {
    begin "given $1"
    want=$2
    shift 2
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
    [ "$(complete -p "$1")" = "complete -F _${1//-/_} $1" ] || complain "$1 has no completion"
    "_${1//-/_}" "$@"
    [ "${COMPREPLY[*]}" = "$want" ] || complain "offered: ${COMPREPLY[*]}"
    finish
}
offers "no command / when it is completed / then the commands" "update" fwup up
offers "an option's beginning / when it is completed / then the option" "--capture" fwup --cap
offers "a command / when an option is completed / then none of another command" "" fwup status --forc
offers "the same option of a command that takes it / when it is completed / then it" "--force" fwup update --forc
offers "an option with words / when its value is completed / then the words" "sluice" fwup --personality sl
offers "the same behind = / when its value is completed / then the words" "sluice" fwup --personality = sl
offers "nothing behind = yet / when it is completed / then all of them" "typ max" sluice-sim --timing =
offers "a link / when its kind is completed / then the kinds" "pty:" fwup -l p
offers "the kind of a link / when its path is completed / then files" "image.pldm" fwup --link unix : im
cd state || exit 1
touch card.socket
offers "the same with nothing of the path / when it is completed / then all files" "card.socket" fwup --link unix :
cd ..
offers "an option that takes a number / when its value is completed / then nothing" "" fwup --tries ""
offers "an option that takes a file / when it is completed / then files" "other.bin" fwpkg create --output ot
offers "an option that takes a folder / when it is completed / then folders alone" "state" fwpkg keygen --state ""
offers "a value that reads like a command / when an option is completed / then it is no command" "--force" \
    fwup --capture status --forc
offers "a command and its file / when it is completed / then files" "image.pldm" fwup --link unix : x update im
offers "a part's beginning / when it is completed / then the parts of the flash model" "w25q128jv" sluice-sim --part w25q128j
exit $failed
