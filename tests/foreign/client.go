// Reads a log of ours with code of others: golang.org/x/mod/sumdb checks every signature, hash and proof; what stands
// here only fetches, names the paths of c2sp.org/tlog-tiles and splits bundles.
//
// Usage: client URL VKEY ENTRIES OLD: the log's prefix, its key, a file with one entry per line (hex) in the order of
// the log, and a checkpoint that was saved when the log was smaller.
package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

func main() {
	if len(os.Args) != 5 {
		fail("usage: client URL VKEY ENTRIES OLD")
	}
	url, entries := os.Args[1], lines(os.Args[3])
	verifier, err := note.NewVerifier(os.Args[2])
	stop("the verifier key", err)
	old, err := os.ReadFile(os.Args[4])
	stop("the old checkpoint", err)
	now, err := fetch(url + "checkpoint")
	stop("the checkpoint", err)
	before, after := opened(old, verifier), opened(now, verifier)
	if before.N >= after.N || after.N != int64(len(entries)) {
		fail("sizes: old %d, new %d, entries %d", before.N, after.N, len(entries))
	}
	// The old tree is read through its own partial tiles, which the log must still serve.
	for _, tree := range []tlog.Tree{before, after} {
		reader := tlog.TileHashReader(tree, tiles{url})
		root, err := tlog.TreeHash(tree.N, reader)
		stop("the tiles", err)
		if root != tree.Hash {
			fail("the tiles of size %d lead to another root", tree.N)
		}
	}
	reader := tlog.TileHashReader(after, tiles{url})
	grown, err := tlog.ProveTree(after.N, before.N, reader)
	stop("a proof of growth", err)
	stop("growth", tlog.CheckTree(grown, after.N, after.Hash, before.N, before.Hash))
	included(url, after, reader, entries)
	fmt.Printf("Go: %d entries, grown from %d\n", after.N, before.N)
}

// Every entry is the one that was written, and the first, the last and some between are proved.
func included(url string, tree tlog.Tree, reader tlog.HashReader, entries [][]byte) {
	for first := int64(0); first < tree.N; first += 1 << height {
		width := tree.N - first
		if width > 1<<height {
			width = 1 << height
		}
		tile := tlog.Tile{H: height, L: 0, N: first >> height, W: int(width)}
		bundle, err := fetch(url + strings.Replace(path(tile), "tile/0/", "tile/entries/", 1))
		stop("a bundle", err)
		for at := first; at < first+width; at++ {
			var entry []byte
			entry, bundle = next(bundle)
			if !bytes.Equal(entry, entries[at]) {
				fail("entry %d is not the one that was written", at)
			}
			if at != first && at != first+width-1 && at%37 != 0 {
				continue
			}
			proof, err := tlog.ProveRecord(tree.N, at, reader)
			stop("a proof of inclusion", err)
			hash := tlog.RecordHash(entry)
			stop("inclusion", tlog.CheckRecord(proof, tree.N, tree.Hash, at, hash))
		}
		if len(bundle) != 0 {
			fail("a bundle has more than its entries")
		}
	}
}

func next(bundle []byte) (entry, rest []byte) {
	if len(bundle) < 2 {
		fail("a bundle ends early")
	}
	length := 2 + int(binary.BigEndian.Uint16(bundle))
	if len(bundle) < length {
		fail("a bundle ends within an entry")
	}
	return bundle[2:length], bundle[length:]
}

// The tree that a note states, if the key has signed it.
func opened(text []byte, verifier note.Verifier) tlog.Tree {
	signed, err := note.Open(text, note.VerifierList(verifier))
	stop("the signature", err)
	parts := strings.Split(signed.Text, "\n")
	if len(parts) != 4 || parts[0] != verifier.Name() || parts[3] != "" {
		fail("a checkpoint has three lines and the key's name: %q", signed.Text)
	}
	size, err := strconv.ParseInt(parts[1], 10, 64)
	stop("the size", err)
	root, err := tlog.ParseHash(parts[2])
	stop("the root", err)
	return tlog.Tree{N: size, Hash: root}
}

// Tiles over HTTP.
type tiles struct{ url string }

func (tiles) Height() int                         { return height }
func (tiles) SaveTiles(_ []tlog.Tile, _ [][]byte) {}
func (t tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var found [][]byte
	for _, tile := range wanted {
		data, err := fetch(t.url + path(tile))
		if err != nil {
			return nil, err
		}
		found = append(found, data)
	}
	return found, nil
}

// Go's own paths name the height, those of the specification do not.
func path(tile tlog.Tile) string {
	return strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
}

func fetch(url string) ([]byte, error) {
	answer, err := http.Get(url)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", url, answer.Status)
	}
	return io.ReadAll(answer.Body)
}

func lines(file string) [][]byte {
	opened, err := os.Open(file)
	stop("the entries", err)
	defer opened.Close()
	var found [][]byte
	for scanner := bufio.NewScanner(opened); scanner.Scan(); {
		entry, err := hex.DecodeString(scanner.Text())
		stop("an entry", err)
		found = append(found, entry)
	}
	return found
}

func stop(what string, err error) {
	if err != nil {
		fail("%s: %v", what, err)
	}
}

func fail(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "Go: "+format+"\n", args...)
	os.Exit(1)
}
