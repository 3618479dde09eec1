// SPDX-License-Identifier: Apache-2.0
//
// What fwpkg says of its command line.
#include "host/component.h"
#include "host/fwpkg.h"
#include "host/fwpkg_key.h"
#include "host/manual.h"
#include "host/policy_text.h"

static const struct option_entry table[] = {
    {FWPKG_OUTPUT, "--output", "-o", "FILE", "the file to write"},
    {FWPKG_COMPONENT, "--component", NULL, "GROUP", "one component image; in a package in the order of transfer"},
    {FWPKG_DEVICE, "--device", NULL, "LIST",
     "begins a device record: its components, as 0,2 or all; none for the first"},
    {FWPKG_DESCRIPTOR, "--descriptor", NULL, "D", "of the record: one descriptor that the device must have"},
    {FWPKG_SET_VERSION, "--image-set-version", NULL, "TEXT", "of the record (default: the package version)"},
    {FWPKG_SET_VERSION_TYPE, "--image-set-version-type", NULL, "TYPE",
     "of the record (default: the package version's)"},
    {FWPKG_DATA, "--package-data", NULL, "FILE", "of the record, handed to the device on GetPackageData"},
    {FWPKG_CONTINUE, "--continue-after-failure", NULL, NULL, "of the record: go on with the other components"},
    {FWPKG_VERSION, "--package-version", NULL, "TEXT", "of the package, up to 255 bytes (default: 1)"},
    {FWPKG_VERSION_TYPE, "--package-version-type", NULL, "TYPE", "its string type (default: ascii)"},
    {FWPKG_DATE, "--date", NULL, "DATE", "release date (default 1970-01-01: no clock is read)"},
    {FWPKG_BITMAP_BITS, "--bitmap-bits", NULL, "N", "bits of a record's component bitmap (default: as few as do)"},
    {FWPKG_SIZE, "--size", NULL, "BYTES", "of the flash; what no slot fills is FFh"},
    {FWPKG_SLOT, "--slot", NULL, "GROUP", "one filled slot"},
    {FWPKG_JOURNAL, "--journal", NULL, "ADDRESS",
     "of the two journal sectors: record 1, slot 0 of each component active"},
    {FWPKG_JSON, "--json", NULL, NULL, "one JSON object instead of text"},
    {FWPKG_KEY, "--key", NULL, "FILE", "sign with this private key; each image takes one of its 1024 signatures"},
    {FWPKG_STATE, "--state", NULL, "DIR",
     "of the records of keys' use (default: $XDG_STATE_HOME/fwpkg, ~/.local/state/fwpkg)"},
    {FWPKG_SKIP_TO, "--skip-to", NULL, "N",
     "go on from one-time key N with a key that was moved: none from N on was ever used"},
    {FWPKG_PUBLIC_KEY, "--public-key", NULL, "FILE",
     "keygen: to write (default: FILE.pub); verify: one that may sign; sign: with --digest-out"},
    {FWPKG_REVOKED, "--revoked", NULL, "FILE", "a public key that may sign no more"},
    {FWPKG_DIGEST_OUT, "--digest-out", NULL, "FILE",
     "name --public-key's key in the image and write what its holder is to sign"},
    {FWPKG_SIGNATURE_IN, "--signature-in", NULL, "FILE", "put this signature into the image, if it is the right one"},
    {FWPKG_SIMULATION, "--simulation", NULL, NULL,
     "the key of the demonstration board, which everybody has: for simulated cards only"},
    {FWPKG_FLASH_TIMES, "--flash-times", NULL, "TIMES",
     "typical times of erases of 4, 32 and 64 KiB (ms; 0: it has none) and of a page program (us) "
     "(default: 64,128,160,704)"},
    {FWPKG_SEQUENCE, "--sequence", NULL, "N", "of the policy: it replaces those with lower numbers"},
    {FWPKG_DISABLED, "--disabled", NULL, NULL, "the card takes no updates"},
    {FWPKG_BY_HAND, "--by-hand", NULL, NULL, "only a person begins updates: ocfd --auto does not"},
    {FWPKG_UPDATABLE, "--updatable", NULL, "LIST",
     "components that may be updated, as 0,2, all or none (default: all)"},
    {FWPKG_SIGNERS, "--signers", NULL, "LIST",
     "the card's roots that may sign images and policies, as 0,2 or all (default: all)"},
    {FWPKG_ROLLBACK, "--rollback", NULL, "WHAT", "of lower versions: as-board, never or allowed (default: as-board)"},
    {FWPKG_NOTIFY, "--notify", NULL, "EID[,LINK]",
     "whom the card tells of updates and refusals, by which of its links"},
    {FWPKG_CARD, "--card", NULL, "UUID", "the only card that takes it (default: any)"},
    {0, NULL, NULL, NULL, NULL},
};

#define BIT OPTION_BIT
static const struct tool_command commands[] = {
    {"create", "-o FILE --descriptor D... --component GROUP... [OPTION...]", "write an update package",
     BIT(FWPKG_OUTPUT) | BIT(FWPKG_COMPONENT) | BIT(FWPKG_DEVICE) | BIT(FWPKG_DESCRIPTOR) | BIT(FWPKG_SET_VERSION) |
         BIT(FWPKG_SET_VERSION_TYPE) | BIT(FWPKG_DATA) | BIT(FWPKG_CONTINUE) | BIT(FWPKG_VERSION) |
         BIT(FWPKG_VERSION_TYPE) | BIT(FWPKG_DATE) | BIT(FWPKG_BITMAP_BITS) | FWPKG_KEY_OPTIONS},
    {"show", "FILE [--json]", "print and check a package: header, manifests, hashes, signatures", BIT(FWPKG_JSON)},
    {"image", "-o FILE --component GROUP [--key FILE]", "write one component image",
     BIT(FWPKG_OUTPUT) | BIT(FWPKG_COMPONENT) | FWPKG_KEY_OPTIONS},
    {"flash", "-o FILE --size BYTES [--slot GROUP...] [--journal ADDRESS] [--key FILE]",
     "write a flash image for the factory",
     BIT(FWPKG_OUTPUT) | BIT(FWPKG_SIZE) | BIT(FWPKG_SLOT) | BIT(FWPKG_JOURNAL) | FWPKG_KEY_OPTIONS},
    {"keygen", "-o FILE [--simulation]", "make a signing key",
     BIT(FWPKG_OUTPUT) | BIT(FWPKG_PUBLIC_KEY) | BIT(FWPKG_STATE) | BIT(FWPKG_SIMULATION)},
    {"sign", "-o FILE (--key FILE | --digest-out FILE --public-key FILE | --signature-in FILE) FILE",
     "sign the images in a package, or a component image",
     BIT(FWPKG_OUTPUT) | BIT(FWPKG_PUBLIC_KEY) | BIT(FWPKG_DIGEST_OUT) | BIT(FWPKG_SIGNATURE_IN) | FWPKG_KEY_OPTIONS},
    {"verify", "--public-key FILE... [--revoked FILE...] FILE", "check the hashes and signatures of a package or image",
     BIT(FWPKG_PUBLIC_KEY) | BIT(FWPKG_REVOKED)},
    {"diff", "OLD NEW [--flash-times TIMES] [--json]",
     "tell what travels when a slot that holds OLD is updated to NEW; both are packages or images",
     BIT(FWPKG_FLASH_TIMES) | BIT(FWPKG_JSON)},
    {"policy", "-o FILE --sequence N [OPTION...] [--key FILE]",
     "write an operator's policy on updates, for fwup policy set; fwpkg sign, verify and show take it as well",
     BIT(FWPKG_OUTPUT) | BIT(FWPKG_SEQUENCE) | BIT(FWPKG_DISABLED) | BIT(FWPKG_BY_HAND) | BIT(FWPKG_UPDATABLE) |
         BIT(FWPKG_SIGNERS) | BIT(FWPKG_ROLLBACK) | BIT(FWPKG_NOTIFY) | BIT(FWPKG_CARD) | FWPKG_KEY_OPTIONS},
    {NULL, NULL, NULL, 0},
};

static const struct tool_group groups[] = {
    {"GROUP of --component, fields joined by commas", slot_fields + SLOT_ONLY_FIELDS, 0},
    {"GROUP of --slot, these and those of --component", slot_fields, SLOT_ONLY_FIELDS},
    {NULL, NULL, 0},
};

static const char *const notes[] = {
    "D of --descriptor: pci-vendor, pci-device, pci-subsystem-vendor, pci-subsystem, pci-revision, iana = number;\n"
    "uuid = 32 hexadecimal digits; pnp-vendor, pnp-product, acpi-vendor, acpi-product = characters;\n"
    "vendor:TITLE or vendor/TYPE:TITLE = hexadecimal digits; 0xNNNN (another type) = hexadecimal digits.\n"
    "The first must be a vendor, iana or uuid.",
    "TYPE of a string, which is given in UTF-8: ascii, utf8, utf16 (with byte order mark), utf16le, utf16be, unknown.",
    "DATE: YYYY-MM-DD or YYYYMMDD, with THH:MM[:SS[.FRACTION]] and Z, +HH:MM or -HH:MM behind it where wanted.",
    "Numbers: decimal, 0x hexadecimal, K and M for 1024 and 1024 * 1024.",
    "Signatures: docs/signing.md.",
    NULL,
};

static const char *rollback(size_t index) {
    return policy_rollback_name((unsigned)index);
}

static const struct tool_words words[] = {
    {"--package-version-type", "ascii utf8 utf16 utf16le utf16be unknown", NULL},
    {"--rollback", NULL, rollback},
    {"--image-set-version-type", "ascii utf8 utf16 utf16le utf16be unknown", NULL},
    {NULL, NULL, NULL},
};

const struct tool_manual tool_manual = {
    .tool = "fwpkg",
    .purpose = "makes, signs and inspects PLDM firmware update packages (DSP0267, header format revision 1)",
    .synopsis = "fwpkg",
    .commands = commands,
    .options = table,
    .groups = groups,
    .words = words,
    .notes = notes,
};
