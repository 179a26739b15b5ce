# Sourced by run, test, bench, retail: what they share. Thin on purpose; no logic worth testing.
set -euo pipefail
ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
CONFIGURATION=Release
STATE="$ROOT/.local"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1

say() { printf '%s\n' "$*"; }
fail() { printf '%s\n' "$*" >&2; exit 1; }

need_dotnet() {
  command -v dotnet >/dev/null || fail "Install the .NET 10 SDK first: https://dotnet.microsoft.com/download (or apt-get install dotnet-sdk-10.0)."
}

# build_when_stale NAME PROJECT OUTPUT [ARGUMENT...]: builds unless nothing has changed since the last time.
build_when_stale() {
  local name="$1" project="$2" output="$3"; shift 3
  mkdir -p "$STATE"
  # One build at a time in a checkout: ./run and ./test may be started together.
  exec 8>"$STATE/build.lock"
  flock 8
  local stamp="$STATE/built-$name" now
  now="$(cd "$ROOT" && find . \( -name bin -o -name obj -o -name .git -o -name .local -o -name docs -o -name results -o -name artifacts -o -name TestResults \) -prune \
    -o -type f ! -name '*.md' -printf '%p %s %T@\n' | LC_ALL=C sort | sha1sum | cut -d' ' -f1) $CONFIGURATION $*"
  # Who built the solution has built its parts.
  for built in "$stamp" "$STATE/built-solution"; do
    if [[ -f "$ROOT/$output" && -f "$built" && "$(cat "$built")" == "$now" ]]; then
      exec 8>&-
      return 0
    fi
  done
  say "Building $name …"
  rm -f "$stamp"
  # A compiler of our own halves the build, and is sent home after it; MSBuild would leave servers behind too.
  local compiler="retail-$$-$RANDOM" result=0
  dotnet build "$ROOT/$project" -c "$CONFIGURATION" --tl:off -v m -clp:NoSummary -nologo -nodeReuse:false -p:UseSharedCompilation=true \
    -p:SharedCompilationId="$compiler" "$@" 8>&- |
    sed -u -E -e 's#^ +RetailInvoicing\.([A-Za-z.]+) -> .*#  \1#' -e 's#^ +([A-Za-z.]+) -> .*#  \1#' || result=$?
  send_home "$compiler"
  [[ $result -eq 0 ]] || fail "The build of $name failed."
  printf '%s' "$now" >"$stamp"
  exec 8>&-
}

# send_home NAME: ends the compiler server of that name; one that we cannot find ends by itself after ten minutes without work.
send_home() {
  local sdk
  sdk="$(dirname "$(readlink -f "$(command -v dotnet)")")/sdk/$(cd "$ROOT" && dotnet --version)/Roslyn/bincore/VBCSCompiler"
  if [[ -x $sdk ]]; then "$sdk" -shutdown "-pipename:$1"; elif [[ -f $sdk.dll ]]; then dotnet "$sdk.dll" -shutdown "-pipename:$1"; fi >/dev/null 2>&1 || true
}

as_root() {
  if [[ $EUID -eq 0 ]]; then "$@"; else sudo -n "$@"; fi
}

# apt_install PACKAGE...: Debian packages, when we are root or may become it without a password; else says exactly what to install.
apt_install() {
  local wanted="$*"
  if ! command -v apt-get >/dev/null; then
    fail "Install these by this machine's own means (names as in Debian): $wanted"
  fi
  if [[ $EUID -ne 0 ]] && ! sudo -n true 2>/dev/null; then
    fail "Install what is missing, then start again:  sudo apt-get install $wanted"
  fi
  say "Installing $wanted …"
  local guard=/usr/sbin/policy-rc.d kept='' log
  log="$(mktemp)"
  # The packages would start a broker and a database of their own; this keeps them from it, and what was there before comes back.
  if [[ -e $guard ]]; then kept="$(mktemp)"; as_root cp -p "$guard" "$kept"; fi
  printf '#!/bin/sh\nexit 101\n' | as_root tee "$guard" >/dev/null
  as_root chmod 755 "$guard"
  local result=0
  { as_root apt-get update -q && as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@"; } \
    >"$log" 2>&1 || result=$?
  if [[ -n $kept ]]; then as_root mv "$kept" "$guard"; else as_root rm -f "$guard"; fi
  if [[ $result -ne 0 ]]; then tail -n 15 "$log" >&2; fail "apt-get could not install $wanted."; fi
  rm -f "$log"
}

# What the local engine runs. PostgreSQL 15 or newer; RabbitMQ as Debian lays it out; maildev, the inbox, where Node 20 is present.
install_for_local_run() {
  local missing=()
  local postgres
  postgres="$(find /usr/lib/postgresql -mindepth 3 -maxdepth 3 -name initdb 2>/dev/null | sed -E 's#.*/postgresql/([0-9]+)/.*#\1#' | sort -n | tail -n 1)"
  [[ -n $postgres && $postgres -ge 15 ]] || missing+=(postgresql)
  [[ -x /usr/lib/rabbitmq/bin/rabbitmq-server ]] && command -v epmd >/dev/null || missing+=(rabbitmq-server)
  command -v setpriv >/dev/null && command -v setsid >/dev/null || missing+=(util-linux)
  [[ ${#missing[@]} -eq 0 ]] || apt_install "${missing[@]}"
  install_inbox
}

install_inbox() {
  install_node_tool maildev 3.0.0 node_modules/maildev/dist/bin/maildev.js "the development inbox" \
    "mails will be written as files instead"
}

# install_node_tool NAME VERSION PROGRAM WHAT ELSE: a program from npm, once for all checkouts, where Node 20 is present.
install_node_tool() {
  local name="$1" version="$2" program="$3" what="$4" else="$5" node
  local cache="${RETAIL_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/retailinvoicing}"
  local place="$cache/$name-$version"
  [[ -f "$place/$program" ]] && return 0
  node="$( (node --version 2>/dev/null || true) | sed -E 's/^v([0-9]+).*/\1/')"
  [[ -n $node && $node -ge 20 ]] && command -v npm >/dev/null || return 0
  say "Installing $what ($name) …"
  rm -rf "$place.new" && mkdir -p "$place.new"
  if npm install --prefix "$place.new" --no-audit --no-fund --silent "$name@$version" >"$place.log" 2>&1; then
    rm -rf "$place" && mv "$place.new" "$place" && rm -f "$place.log"
  else
    rm -rf "$place.new"
    say "It could not be installed ($place.log); $else."
  fi
}
