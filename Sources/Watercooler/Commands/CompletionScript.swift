/// The script that makes a shell ask `CommandLineCompletion`.
///
/// Always through `watercooler`: a `wc` that comes first in PATH may be the system's.
enum CompletionScript: String {
  case bash, zsh, fish

  var text: String {
    switch self {
    case .bash: Self.ofBash
    case .zsh: Self.ofZsh
    case .fish: Self.ofFish
    }
  }

  private static let ofBash =
    #"""
    # Completes watercooler and wc in bash.
    _watercooler() {
      local current=${COMP_WORDS[COMP_CWORD]} line word
      COMPREPLY=()
      while IFS= read -r line; do
        word=${line%%$'\t'*}
        case $word in
          :files | :directories)
            compopt -o filenames 2>/dev/null
            while IFS= read -r word; do
              COMPREPLY+=("$word")
            done < <(compgen "-${line:1:1}" -- "$current") ;;
          *)
            printf -v word %q "$word"
            COMPREPLY+=("$word") ;;
        esac
      done < <(watercooler __complete "${COMP_WORDS[0]##*/}" "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
    }
    complete -F _watercooler watercooler wc

    """#

  private static let ofZsh =
    #"""
    #compdef watercooler wc
    # Completes watercooler and wc in zsh.
    _watercooler() {
      local line word
      local -a found
      for line in "${(@f)$(watercooler __complete "${words[1]:t}" "${(@Q)words[2,CURRENT]}" 2>/dev/null)}"; do
        case $line in
          :files) _files ;;
          :directories) _files -/ ;;
          ?*)
            word=${line%%$'\t'*}
            found+=("${word//:/\\:}:${line#*$'\t'}") ;;
        esac
      done
      (( ${#found} )) && _describe -V watercooler found
    }
    if [ "${funcstack[1]}" = _watercooler ]; then _watercooler "$@"; else compdef _watercooler watercooler wc; fi

    """#

  private static let ofFish =
    #"""
    # Completes watercooler and wc in fish.
    function __watercooler_complete
      set -l words (commandline -opc) (commandline -ct)
      for line in (watercooler __complete (basename $words[1]) $words[2..] 2>/dev/null)
        switch $line
          case :files
            __fish_complete_path (commandline -ct)
          case :directories
            __fish_complete_directories (commandline -ct)
          case '*'
            echo $line
        end
      end
    end
    complete -c watercooler -f -a '(__watercooler_complete)'
    complete -c wc -f -a '(__watercooler_complete)'

    """#
}
