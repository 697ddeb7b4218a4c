# What ./run and ./test share: look first, install second, say what is done and why.
# Sourced, never run. POSIX sh; works in dash.

# one line about the script itself, apart from what the programs print
say() { printf '==> %s\n' "$*"; }
die() { printf '\n!! %s\n' "$*" >&2; exit 1; }

# need_packages PACKAGE...  installs Debian packages; callers have looked and something is missing
need_packages() {
    command -v apt-get >/dev/null 2>&1 ||
        die "缺少 $*，而这台机器没有 apt-get；请用本机的包管理器安装后重试。 / Missing: $*; install with your package manager."
    if [ "$(id -u)" -eq 0 ]; then
        as_root=
    elif command -v sudo >/dev/null 2>&1; then
        as_root=sudo
    else
        die "缺少 $*，需要管理员权限；请执行 apt-get install -y $* 后重试。 / Missing: $*; ask an administrator to install."
    fi
    say "安装缺少的系统包：$* / installing $*"
    # shellcheck disable=SC2086  # as_root is empty or one word on purpose
    $as_root apt-get update -qq || die "apt-get update 失败，请检查网络后重试。 / apt-get update failed."
    # shellcheck disable=SC2086
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null ||
        die "安装 $* 失败，请看上面的原因。 / could not install $*."
}

# the C compiler (SQLite is compiled from source) and the certificates cargo fetches with
need_build_tools() {
    missing=
    command -v cc >/dev/null 2>&1 || missing="$missing gcc libc6-dev"
    [ -e /etc/ssl/certs/ca-certificates.crt ] || [ -n "${SSL_CERT_FILE:-}" ] || [ -n "${CARGO_HTTP_CAINFO:-}" ] ||
        missing="$missing ca-certificates"
    # shellcheck disable=SC2086  # words are package names
    [ -z "$missing" ] || need_packages $missing
}

# The toolchain is the one thing we do not install: where it comes from is the owner's choice.
need_rust() {
    if ! command -v cargo >/dev/null 2>&1 && [ -x "${CARGO_HOME:-$HOME/.cargo}/bin/cargo" ]; then
        PATH="${CARGO_HOME:-$HOME/.cargo}/bin:$PATH"
        export PATH
    fi
    command -v cargo >/dev/null 2>&1 ||
        die "没有找到 cargo；请先安装 Rust（https://rustup.rs）后重试。 / No cargo: install Rust first (https://rustup.rs)."
    wanted=$(sed -n 's/^rust-version *= *"\([0-9.]*\)".*/\1/p' Cargo.toml | head -n 1)
    found=$(rustc --version | cut -d ' ' -f 2)
    oldest=$(printf '%s\n%s\n' "$wanted" "${found%%-*}" | sort -V | head -n 1)
    [ "$oldest" = "$wanted" ] ||
        die "需要 Rust $wanted 或更新，现在是 $found；请执行 rustup update stable。 / Rust $wanted or newer is needed, found $found."
}

# a browser with Chinese letters, and what drives it
need_browser() {
    missing=
    [ -n "${SHANJI_CHROMIUM:-}" ] || command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
    command -v node >/dev/null 2>&1 || missing="$missing nodejs"
    command -v npm >/dev/null 2>&1 || missing="$missing npm"
    command -v fc-list >/dev/null 2>&1 && [ -n "$(fc-list :lang=zh family 2>/dev/null)" ] || missing="$missing fontconfig fonts-noto-cjk"
    # shellcheck disable=SC2086  # words are package names
    [ -z "$missing" ] || need_packages $missing
}

# need_node_packages FOLDER  the packages that the folder's lock file names, once for each lock file
need_node_packages() {
    lock=$(cksum <"$1/package-lock.json")
    [ "$(cat "$1/node_modules/.installed" 2>/dev/null)" != "$lock" ] || return 0
    say "安装浏览器测试用的 npm 包 / installing npm packages"
    (cd "$1" && npm ci --no-audit --no-fund --loglevel=error) ||
        die "npm 包装不上，多半是没有网络；联网后重试，或设 SHANJI_NO_BROWSER=1 跳过浏览器测试。 / npm ci failed: no network? Try again with one, or set SHANJI_NO_BROWSER=1 to skip the tests in a browser."
    printf '%s\n' "$lock" >"$1/node_modules/.installed"
}

# The reader of QR codes for browsers without one of their own is a package that the build takes in if it is there. The
# product is as well built without it, so its absence is said and stops nothing.
like_qr_reader() {
    folder=browser/packages
    [ -e "$folder/package-lock.json" ] || return 0
    [ "$(cat "$folder/node_modules/.installed" 2>/dev/null)" != "$(cksum <"$folder/package-lock.json")" ] || return 0
    if ! command -v npm >/dev/null 2>&1; then
        say "没有 npm：核验页在不会识别二维码的浏览器里不能读二维码照片 / no npm: built without the reader of QR codes"
    elif (cd "$folder" && npm ci --no-audit --no-fund --loglevel=error >/dev/null); then
        cksum <"$folder/package-lock.json" >"$folder/node_modules/.installed"
    else
        say "二维码识别程序没有装上，多半是没有网络，构建照常进行 / built without the reader of QR codes, no network?"
    fi
}
