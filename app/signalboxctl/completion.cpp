// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/signalboxctl/completion.h"

namespace signalbox {

namespace {

// Provider names come from the running engine, at the moment of completion.
constexpr auto bashScript = R"script(_signalboxctl() {
    local word=${COMP_WORDS[COMP_CWORD]} command=${COMP_WORDS[1]} list=
    local options="--json --follow --in-flight --filter --since --until --limit --provider --dialect --model --set --points --har --jsonl --output --admin-file --data-dir --help --version"
    if [[ $word == -* ]]; then
        list=$options
    elif ((COMP_CWORD == 1)); then
        list="status providers log events alarms breaker provider probe set route export requests cancel replay shadow"
    elif ((COMP_CWORD == 2)); then
        case $command in
        shadow) list="1h stop" ;;
        breaker | provider | probe) list=$(signalboxctl providers 2>/dev/null | awk 'NR > 1 { print $1 }') ;;
        alarms) list="ack shelve" ;;
        cancel) list=$(signalboxctl requests --in-flight 2>/dev/null | awk 'NR > 1 { print $1 }') ;;
        esac
    elif ((COMP_CWORD == 3)); then
        case $command in
        breaker) list="open close auto none reset trip" ;;
        provider) list="enable disable drain" ;;
        alarms) list=$(signalboxctl alarms 2>/dev/null | awk 'NR > 1 { print $1 }') ;;
        esac
    fi
    mapfile -t COMPREPLY < <(compgen -W "$list" -- "$word")
}
complete -F _signalboxctl signalboxctl
)script";

// clang-format would take the quotes within for the end of the string.
// clang-format off
constexpr auto zshScript = R"script(#compdef signalboxctl
_signalboxctl() {
    local -a names
    if [[ $words[CURRENT] == -* ]]; then
        compadd -- --json --follow --in-flight --filter --since --until --limit --provider --dialect --model --set --points --har --jsonl --output
    elif ((CURRENT == 2)); then
        compadd status providers log events alarms breaker provider probe set route export requests cancel replay shadow
    elif ((CURRENT == 3)); then
        case $words[2] in
        breaker | provider | probe)
            names=(${(f)"$(signalboxctl providers 2>/dev/null | awk 'NR > 1 { print $1 }')"})
            compadd -a names
            ;;
        cancel)
            names=(${(f)"$(signalboxctl requests --in-flight 2>/dev/null | awk 'NR > 1 { print $1 }')"})
            compadd -a names
            ;;
        alarms) compadd ack shelve ;;
        shadow) compadd 1h stop ;;
        esac
    elif ((CURRENT == 4)); then
        case $words[2] in
        breaker) compadd open close auto none reset trip ;;
        provider) compadd enable disable drain ;;
        esac
    fi
}
compdef _signalboxctl signalboxctl
)script";
// clang-format on

constexpr auto fishScript = R"script(complete -c signalboxctl -f
complete -c signalboxctl -n __fish_use_subcommand -a 'status providers log events alarms breaker provider probe set route export requests cancel replay shadow'
complete -c signalboxctl -n '__fish_seen_subcommand_from breaker provider probe' -a "(signalboxctl providers 2>/dev/null | awk 'NR > 1 { print \$1 }')"
complete -c signalboxctl -n '__fish_seen_subcommand_from breaker' -a 'open close auto none reset trip'
complete -c signalboxctl -n '__fish_seen_subcommand_from provider' -a 'enable disable drain'
complete -c signalboxctl -n '__fish_seen_subcommand_from alarms' -a 'ack shelve'
complete -c signalboxctl -l json -d 'Print JSON'
complete -c signalboxctl -l follow -d 'Go on as more happens'
complete -c signalboxctl -n '__fish_seen_subcommand_from cancel' -a "(signalboxctl requests --in-flight 2>/dev/null | awk 'NR > 1 { print \$1 }')"
complete -c signalboxctl -l in-flight -d 'What is not finished'
complete -c signalboxctl -l filter -x
complete -c signalboxctl -l since -x
complete -c signalboxctl -l until -x
complete -c signalboxctl -l limit -x
complete -c signalboxctl -l har -d 'Export as HAR'
complete -c signalboxctl -l jsonl -d 'Export as JSON lines'
complete -c signalboxctl -l set -x -d 'A setting of the draft, as breaker.threshold=3'
complete -c signalboxctl -l points -x
complete -c signalboxctl -l output -r
)script";

} // namespace

std::optional<QString> completionScript(const QString &shell)
{
    if (shell == QLatin1String("bash"))
        return QString::fromLatin1(bashScript);
    if (shell == QLatin1String("zsh"))
        return QString::fromLatin1(zshScript);
    if (shell == QLatin1String("fish"))
        return QString::fromLatin1(fishScript);
    return std::nullopt;
}

} // namespace signalbox
