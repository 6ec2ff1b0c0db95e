#!/usr/bin/env bash
# Install Qingchuan from this folder, without internet · 离线安装晴川
#
#     ./install.sh                                   into /opt/qingchuan, as root · 以 root 身份
#     PREFIX=$HOME/qingchuan ./install.sh            elsewhere · 装到别处
#     PYTHON=/usr/bin/python3.12 ./install.sh        by this Python · 指定 Python
#
# Each version has a folder of its own (/opt/qingchuan-0.1.0), and /opt/qingchuan is a link to the one that was installed
# last: what runs is not touched until it is started again, and the way back is the link.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
prefix=${PREFIX:-/opt/qingchuan}
cd "$here"

fail() { # CHINESE ENGLISH
    printf '%s\n%s\n' "$1" "$2" >&2
    exit 1
}

suits() { # PYTHON: whether there are wheels for it
    local found
    found=$("$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) && grep -qx "$found" pythons
}

find_python() {
    local one
    for one in ${PYTHON:-$(sed 's/^/python/' pythons) python3}; do
        if suits "$one"; then
            command -v "$one"
            return
        fi
    done
    fail "没有合适的 Python；需要其中之一：$(paste -sd ' ' pythons)（PYTHON=/路径 可指定）" \
        "There is no Python that would do; one of these would: $(paste -sd ' ' pythons) (PYTHON=/path names it)"
}

case $(uname -m) in
    x86_64 | aarch64) ;;
    *) fail "没有 $(uname -m) 的安装包，只有 x86_64 和 aarch64" "There are no wheels for $(uname -m), only for x86_64 and aarch64" ;;
esac
sha256sum --check --quiet --strict SHA256SUMS ||
    fail '文件已损坏，请重新拷贝本目录' 'Files are damaged, as named above; copy this folder again'
python=$(find_python)
wheel=$(echo wheels/qingchuan-*-py3-none-any.whl)
version=${wheel#wheels/qingchuan-}
version=${version%-py3-none-any.whl}
place=$prefix-$version
if [ -e "$prefix" ] && [ ! -L "$prefix" ]; then
    fail "$prefix 已存在，且不是本程序建立的链接；请移走，或用 PREFIX=/路径 指定" \
        "$prefix is there and is no link of ours; move it away, or name another place: PREFIX=/path"
fi

echo "$version → $place ($python)"
"$python" -m venv --clear "$place" || fail '缺少 venv：Debian、Ubuntu 上安装 python3-venv' \
    'The module venv is missing; on Debian and Ubuntu the package python3-venv has it'
pip=("$place/bin/python" -m pip --isolated --disable-pip-version-check --no-input --quiet)
"${pip[@]}" install --no-index --find-links wheels --no-cache-dir --require-hashes --requirement requirements.lock
"${pip[@]}" install --no-index --no-cache-dir --no-deps "$wheel"
"$place/bin/qingchuan" --version
ln -sfn "$place" "$prefix"

echo "已安装 installed: $prefix"
echo "下一步 next: deploy/systemd/README.md"
