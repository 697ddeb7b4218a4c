"""Reads a log of ours, and asks a witness of ours, with code of others: aics-tlog checks every signature, cosignature,
tile, bundle and proof, aics-witness brings a log of its own to our witness. What stands here only calls them.

Usage:
  client.py fill URL NUMBER ENTRIES             writes so many entries, and what the log has into a file (hex)
  client.py read URL VKEY OLD ENTRIES WITNESS…  reads the log, confirmed by these witnesses, grown from a checkpoint
  client.py vkey                                the key of the log that `ask` brings
  client.py ask URL WITNESS                     has a log that is not ours signed by our witness, and a fork of it not
  client.py spoil URL PATH                      serves the log with one bit of a file changed
"""

import http.client
import http.server
import sys
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

from aics_tlog import (
    Checkpoint,
    HttpTileReader,
    MerkleTree,
    VerifiedTileReader,
    audit_tiles,
    consistency_proof_from_tiles,
    inclusion_proof_from_tiles,
    parse_checkpoint,
    parse_note,
    parse_vkey,
    sign_checkpoint,
    verify_checkpoint,
    verify_consistency,
    verify_leaf_inclusion,
)
from aics_tlog.note import format_vkey, vkey_from_ed25519
from aics_witness.feeder import WitnessClient, WitnessRejected
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

FOREIGN = "log.example.net/foreign"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def fill(url, number, entries):
    """Bytes that no statement of ours has: all values, the empty line, and up to 300 of them."""
    host = urllib.parse.urlsplit(url)
    line = http.client.HTTPConnection(host.netloc, timeout=20)
    with open(entries, "a", encoding="ascii") as kept:
        if Path(entries).stat().st_size == 0:
            first = HttpTileReader(url).read_entry_bundle(0, 1)
            kept.write(first[2:].hex() + "\n")
        for count in range(int(number)):
            entry = bytes((count * 7 + at) % 256 for at in range(1 + count % 300))
            line.request("POST", host.path + "add", body=entry)
            answer = line.getresponse()
            said = answer.read().decode()
            if answer.status != 200:
                sys.exit(f"Python: an entry was answered with {answer.status} {said}")
            kept.write(entry.hex() + "\n")


def stated(text, vkey, witnesses, quorum):
    """The checkpoint of a note that the log and so many of these witnesses have signed within ten minutes."""
    note = parse_note(text)
    keys = [parse_vkey(witness) for witness in witnesses]
    said = verify_checkpoint(note, parse_vkey(vkey), keys, quorum=quorum, max_age_seconds=600 if keys else None)
    if not said.ok:
        sys.exit(f"Python: the checkpoint is refused: {said}")
    return parse_checkpoint(note.text)


def read(url, vkey, old, entries, *witnesses):
    reader = HttpTileReader(url)
    written = [bytes.fromhex(line) for line in Path(entries).read_text().split()]
    before = stated(Path(old).read_bytes(), vkey, [], 0)
    after = stated(reader.read_checkpoint(), vkey, witnesses, len(witnesses))
    if not before.size < after.size == len(written):
        sys.exit(f"Python: sizes: old {before.size}, new {after.size}, entries {len(written)}")
    audit_tiles(reader, after.size, after.root)
    # The old tree through its own partial tiles, which the log must still serve; a folder has only the newest ones.
    VerifiedTileReader(reader, before.size, before.root, tile_size=after.size).check_root()
    tree = VerifiedTileReader(reader, after.size, after.root)
    grown = consistency_proof_from_tiles(tree, before.size, after.size)
    if not verify_consistency(before.size, after.size, before.root, after.root, grown):
        sys.exit("Python: the log has not grown from the old checkpoint")
    for index, entry in enumerate(written):
        if tree.entry(index) != entry:
            sys.exit(f"Python: entry {index} is not the one that was written")
        if index % 37 and index != after.size - 1:
            continue
        proof = inclusion_proof_from_tiles(tree, index, after.size)
        if not verify_leaf_inclusion(entry, index, after.size, proof, after.root):
            sys.exit(f"Python: entry {index} is not in the tree")
    print(f"Python: {after.size} entries, grown from {before.size}, {len(witnesses)} witnesses")


def signed(entries):
    tree = MerkleTree(entries)
    return tree, sign_checkpoint(Checkpoint(FOREIGN, tree.size, tree.root()), KEY, FOREIGN).to_bytes()


def ask(url, witness):
    """The client verifies what it is answered with the witness's key."""
    client = WitnessClient(url, witness, backoff=0.1)
    entries = [b"entry %d" % number for number in range(700)]
    for size in (1, 300, 300, 700):
        tree, note = signed(entries[:size])
        client.submit(note, tree.consistency_proof)
    # A client that remembers nothing is told the size and goes on from there.
    tree, note = signed(entries)
    WitnessClient(url, witness, backoff=0.1).submit(note, tree.consistency_proof)
    for fork in ([b"another", *entries], [b"another", *entries[1:]]):
        tree, note = signed(fork)
        try:
            client.submit(note, tree.consistency_proof)
        except WitnessRejected as refused:
            if refused.status == 422:
                continue
            sys.exit(f"Python: a fork was answered with {refused.status}")
        sys.exit("Python: a fork was signed")
    print("Python: our witness signs a log that is not ours, and no fork of it")


def spoil(url, path):
    """Passes the log on, with one bit of this path changed; prints where."""

    class Passing(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            try:
                with urllib.request.urlopen(url + self.path[1:]) as answer:
                    body = bytearray(answer.read())
            except urllib.error.HTTPError as refused:
                self.send_error(refused.code)
                return
            if self.path == "/" + path:
                # The middle of a checkpoint is the signature of a witness, which not everybody reads; its root is here.
                body[40 if path == "checkpoint" else len(body) // 2] ^= 1
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_said):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Passing)
    print(f"http://127.0.0.1:{server.server_port}/", flush=True)
    server.serve_forever()


def vkey():
    print(format_vkey(vkey_from_ed25519(FOREIGN, KEY.public_key())))


if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in ("fill", "read", "vkey", "ask", "spoil"):
        sys.exit(__doc__)
    globals()[sys.argv[1]](*sys.argv[2:])
