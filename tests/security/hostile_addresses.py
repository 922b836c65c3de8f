"""Addresses that somebody enters to reach what only the functions can reach, by the trick that each tries."""

from __future__ import annotations

HOSTILE: dict[str, tuple[str, ...]] = {
    "loopback": ("https://127.0.0.1", "https://127.8.8.8", "https://[::1]", "https://localhost", "https://x.localhost"),
    "private networks": ("https://10.1.2.3", "https://172.16.0.9", "https://192.168.0.1", "https://[fd12::1]"),
    "link-local": ("https://169.254.1.1", "https://[fe80::1]", "https://[fe80::1%25eth0]"),
    "metadata hosts": (
        "https://169.254.169.254/latest/meta-data/",
        "https://169.254.170.2/v2/credentials",
        "https://[fd00:ec2::254]",
        "https://metadata.google.internal",
        "https://100.100.100.200",
        "https://168.63.129.16",
        "https://192.0.0.192",
        "https://instance-data.ec2.internal",
    ),
    "decimal, octal, hexadecimal, short": (
        "https://2130706433",
        "https://2852039166",
        "https://0177.0.0.1",
        "https://0x7f.0.0.1",
        "https://0x7f000001",
        "https://0xa9fea9fe",
        "https://127.1",
        "https://10.1",
        "https://127.0.0.01",
        "https://017700000001",
    ),
    "IPv4 within IPv6": (
        "https://[::ffff:127.0.0.1]",
        "https://[::ffff:169.254.169.254]",
        "https://[::ffff:a9fe:a9fe]",
        "https://[::127.0.0.1]",
        "https://[::ffff:0:127.0.0.1]",
        "https://[2002:7f00:1::]",
        "https://[2600::5efe:10.0.0.1]",
        "https://[2001:0:7f00:1::]",
    ),
    "NAT64": ("https://[64:ff9b::7f00:1]", "https://[64:ff9b::a9fe:a9fe]", "https://[64:ff9b:1::a00:1]"),
    "trailing dots": (
        "https://localhost.",
        "https://127.0.0.1.",
        "https://metadata.google.internal.",
        "https://wms.example.com.",
        "https://wms.example.com..",
    ),
    "IDN, percent and look-alikes": (
        "https://\u24db\u24de\u24d2alhost",
        "https://\uff11\uff12\uff17.0.0.1",
        "https://127\u30020\u30020\u30021",
        "https://%31%32%37.0.0.1",
        "https://wms.example.com%00.evil.test",
        "https://wms\u00ad.example.com",
    ),
    "user information and confused parsers": (
        "https://user:word@wms.example.com",
        "https://wms.example.com@127.0.0.1",
        "https://127.0.0.1#@wms.example.com",
        "https://wms.example.com\\@127.0.0.1",
        "https://wms.example.com:443@10.0.0.1",
        "https://[::1]@wms.example.com",
        "https:/\\127.0.0.1",
        "https://127.0.0.1\t.example.com",
        "https://wms.example.com\r\nHost: x",
    ),
    "other schemes and ports": (
        "http://wms.example.com",
        "file:///etc/passwd",
        "gopher://127.0.0.1:6379/_",
        "ftp://wms.example.com",
        "https://wms.example.com:22",
        "https://wms.example.com:6379",
        "//169.254.169.254",
    ),
    "inner names": (
        "https://wms",
        "https://db.internal",
        "https://nas.local",
        "https://router.lan",
        "https://x.home.arpa",
    ),
}
ALL = [(trick, url) for trick, urls in HOSTILE.items() for url in urls]

LED_INSIDE: dict[str, tuple[str, ...]] = {
    "rebound to loopback": ("127.0.0.1",),
    "rebound to metadata": ("169.254.169.254",),
    "one good, one inside": ("93.184.215.14", "10.0.0.1"),
    "IPv4 within IPv6": ("::ffff:169.254.169.254",),
    "NAT64": ("64:ff9b::a9fe:a9fe",),
    "6to4": ("2002:a9fe:a9fe::1",),
    "private IPv6": ("fd00:ec2::254",),
    "link-local with a zone": ("fe80::1%eth0",),
    "unspecified": ("0.0.0.0",),  # noqa: S104  an address to be refused
}
"""What a name that looks well may lead to by the time of connecting."""
