// SPDX-License-Identifier: Apache-2.0
//
// sluice-sim: the simulated card as a program of its own. It keeps its flash in a file, offers one of its links to a
// host program, shows the processor's console, and says at the end what the flash and the link did. With --serprog the
// flash alone is there, for a flash programmer.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/manual.h"
#include "sim/capture.h"
#include "sim/card.h"
#include "sim/clip.h"
#include "sim/serve.h"
#include "sim/sim_keys.h"
#include "sim/tap.h"

static const char tool[] = "sluice-sim";

/** Options that have a meaning for the flash without the card. */
#define SERPROG_OPTIONS                                                                                \
    (OPTION_BIT(OPT_SERPROG) | OPTION_BIT(OPT_FLASH) | OPTION_BIT(OPT_PART) | OPTION_BIT(OPT_TIMING) | \
     OPTION_BIT(OPT_ONCE) | OPTION_BIT(OPT_UNTIL) | OPTION_BIT(OPT_STATS) | OPTION_BIT(OPT_QUIET))

struct session {
    const char *flash_path, *part, *stats, *stop_on, *capture_path, *serprog;
    struct card_config config;
    struct serve_options serve;
    bool quiet, stop_seen;
    struct card *card;
    struct tap tap;
    struct capture capture;
    char line[256];
    size_t line_len;
};

static volatile sig_atomic_t interrupted;
static void on_signal(int number) {
    (void)number;
    interrupted = 1;
}

static void show_console(void *ctx, char c) {
    struct session *s = ctx;
    if (!s->quiet) {
        putchar(c);
        if (c == '\n') fflush(stdout);
    }
    if (c == '\n') {
        s->line[s->line_len] = '\0';
        s->line_len = 0;
        if (s->stop_on && strstr(s->line, s->stop_on)) {
            s->stop_seen = true;
            interrupted = 1;
        }
    } else if (s->line_len + 1 < sizeof s->line) {
        s->line[s->line_len++] = c;
    }
}

static void show_flash_report(void *ctx, uint64_t now_ns, const char *text) {
    (void)ctx;
    fprintf(stderr, "%s: flash at %" PRIu64 ".%06" PRIu64 " ms: %s\n", tool, now_ns / 1000000, now_ns % 1000000, text);
}

static void on_wire(void *ctx, uint64_t now_ns, bool to_card, const uint8_t *bytes, size_t len) {
    struct session *s = ctx;
    capture_bytes(&s->capture, now_ns, to_card, bytes, len);
    if (!to_card) tap_sent(&s->tap, bytes, len);
}

// ---- options
// ------------------------------------------------------------------------------------------------------------

static int usage(void) {
    manual_help(stdout, &tool_manual);
    printf("Serial line: %u baud, 8N1; SMBus: %u Hz, card at %02xh, host at %02xh; clock %u Hz.\n", card_baud(),
           card_smbus_hz(), SMBUS_CARD, SMBUS_HOST, card_clk_hz());
    return 0;
}

/** One option that takes a number in units of @p unit_ns. */
static bool take_time(const char *name, const char *value, uint64_t unit_ns, uint64_t *out) {
    if (!parse_number(value, UINT64_MAX / unit_ns, out)) {
        tool_error(tool, "%s %s: not a time", name, value);
        return false;
    }
    *out *= unit_ns;
    return true;
}

static bool take_option(struct session *s, int key, const char *value) {
    switch (key) {
        case OPT_FLASH:
            s->flash_path = value;
            return true;
        case OPT_PART:
            s->part = value;
            return true;
        case OPT_LINK:
            s->serve.link = value;
            return true;
        case OPT_VIA:
            s->serve.via = adapter_link_find(value);
            if (s->serve.via != ADAPTER_UNKNOWN) return true;
            tool_error(tool, "--via %s: not one of serial, packet, smbus", value);
            return false;
        case OPT_SERPROG:
            s->serprog = value;
            return true;
        case OPT_ONCE:
            s->serve.once = true;
            return true;
        case OPT_UNTIL:
            return take_time("--until", value, 1000000, &s->serve.until_ns);
        case OPT_STOP_ON:
            s->stop_on = value;
            return true;
        case OPT_TRACE:
            s->config.trace = value;
            return true;
        case OPT_TRACE_FROM:
            return take_time("--trace-from", value, 1000, &s->config.trace_from_ns);
        case OPT_TRACE_TO:
            return take_time("--trace-to", value, 1000, &s->config.trace_to_ns);
        case OPT_STATS:
            s->stats = value;
            return true;
        case OPT_CAPTURE:
            s->capture_path = value;
            return true;
        case OPT_QUIET:
            s->quiet = true;
            return true;
        case OPT_TIMING:
            s->config.maximum_timing = strcmp(value, "max") == 0;
            if (s->config.maximum_timing || strcmp(value, "typ") == 0) return true;
            tool_error(tool, "--timing %s: not one of typ, max", value);
            return false;
        default:
            tool_error(tool, "unexpected '%s' (see %s --help)", value, tool);
            return false;
    }
}

/** Whether what was asked for can be had. 0, else the exit status. */
static int check_options(const struct session *s, const struct options *o) {
    if (!s->config.part) return 1 + tool_error(tool, "--part %s: unknown part (see %s --help)", s->part, tool);
    if (!s->flash_path) return 1 + tool_error(tool, "--flash FILE is missing (see %s --help)", tool);
    if (s->serprog) {
        if (!options_fit(o, "--serprog", SERPROG_OPTIONS)) return 2;
        if (!clip_address_known(s->serprog))
            return 1 + tool_error(tool, "--serprog %s: not one of pty, PORT, HOST:PORT", s->serprog);
        return 0;
    }
    if (!s->serve.link) return 1 + tool_error(tool, "--link LINK is missing (see %s --help)", tool);
    if (!serve_link_known(s->serve.link))
        return 1 + tool_error(tool, "--link %s: not one of pty, unix:PATH, sim:PATH", s->serve.link);
    return 0;
}

/** 0 to go on, else the exit status plus one. */
static int read_options(struct session *s, int argc, char **argv) {
    struct options o = {.tool = tool, .table = tool_manual.options, .argc = argc, .argv = argv, .at = 1};
    for (int key; (key = options_next(&o)) != OPTION_END;) {
        if (key == OPTION_HELP) return 1 + usage();
        if (key == OPTION_ERROR || !take_option(s, key, o.value)) return 1 + 2;
    }
    s->config.part = nor_part_find(s->part);
    const int status = check_options(s, &o);
    return status ? 1 + status : 0;
}

// ---- flash file
// -----------------------------------------------------------------------------------------------------------

/** Maps the flash file, so that what the card wrote is kept however this program ends. */
static uint8_t *map_flash(const char *path, size_t size) {
    int fd = open(path, O_RDWR | O_CREAT, 0644);
    struct stat st;
    if (fd < 0 || fstat(fd, &st)) {
        tool_error(tool, "%s: %s", path, strerror(errno));
        return NULL;
    }
    bool fresh = st.st_size == 0;
    if (!fresh && (size_t)st.st_size != size) {
        tool_error(tool, "%s: %lld bytes, but the part has %zu", path, (long long)st.st_size, size);
        close(fd);
        return NULL;
    }
    void *flash =
        fresh && ftruncate(fd, (off_t)size) ? MAP_FAILED : mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (flash == MAP_FAILED) {
        tool_error(tool, "%s: %s", path, strerror(errno));
        return NULL;
    }
    if (fresh) memset(flash, 0xff, size);
    return flash;
}

// ---- the end
// --------------------------------------------------------------------------------------------------------------

static void write_card_stats(FILE *f, struct session *s) {
    struct tap_totals t = tap_totals(&s->tap);
    struct card_counts c = card_counts(s->card);
    fprintf(f,
            "\"clk_hz\": %u, \"baud\": %u, \"cycles\": %" PRIu64 ", \"instructions\": %" PRIu64
            ", \"waiting_cycles\": %" PRIu64 ",\n",
            card_clk_hz(), card_baud(), c.cycles, c.instructions, c.waiting);
    fprintf(f,
            " \"transfer\": {\"components\": %" PRIu64 ", \"requests\": %" PRIu64 ", \"requested_bytes\": %" PRIu64
            ", \"ns\": %" PRIu64 ", \"request_ns\": %" PRIu64 ", \"instructions\": %" PRIu64 ", \"pages\": %" PRIu64
            ", \"erases_4k\": %" PRIu64 ", \"erases_32k\": %" PRIu64 ", \"erases_64k\": %" PRIu64
            ", \"ideal_flash_ns\": %" PRIu64 "},\n ",
            t.transfers, t.requests, t.bytes, t.ns, t.request_ns, t.instructions, t.pages, t.erases_4k, t.erases_32k,
            t.erases_64k, tap_ideal_flash_ns(&t, s->config.part, s->config.maximum_timing));
}

static int write_stats(struct session *s, const struct nor_stats *n, uint64_t now_ns) {
    FILE *f = fopen(s->stats, "w");
    if (!f) return tool_error(tool, "%s: %s", s->stats, strerror(errno));
    fprintf(f, "{\"part\": \"%s\", \"simulated_ns\": %" PRIu64 ", ", s->config.part->name, now_ns);
    if (s->card) write_card_stats(f, s);
    fprintf(f,
            "\"flash\": {\"pages\": %" PRIu64 ", \"bytes_programmed\": %" PRIu64 ", \"erases_4k\": %" PRIu64
            ", \"erases_32k\": %" PRIu64 ", \"erases_64k\": %" PRIu64 ", \"bytes_read\": %" PRIu64
            ", \"busy_ns\": %" PRIu64 ", \"errors\": %" PRIu64 "}}\n",
            n->pages_programmed, n->bytes_programmed, n->erases_4k, n->erases_32k, n->erases_64k, n->bytes_read,
            n->busy_ns, n->errors);
    return fclose(f) ? tool_error(tool, "%s: %s", s->stats, strerror(errno)) : 0;
}

// ---- what is simulated
// ----------------------------------------------------------------------------------------------------

/** The flash without the card. */
static int run_clip(struct session *s) {
    struct nor *nor = nor_new(s->config.part, s->config.flash);
    if (!nor) return tool_error(tool, "out of memory");
    if (s->config.maximum_timing) nor_set_timing(nor, NOR_MAXIMUM);
    if (!s->quiet) nor_set_report(nor, show_flash_report, s);
    const struct clip_options options = {s->serprog, s->serve.until_ns, s->serve.once, &interrupted};
    uint64_t now_ns = 0;
    int status = clip_serve(nor, &options, &now_ns) ? 1 : 0;
    if (s->stats && write_stats(s, nor_get_stats(nor), now_ns)) status = 1;
    nor_free(nor);
    return status;
}

static int run_card(struct session *s) {
    char error[PCAPNG_ERROR_TEXT];
    s->config.console = show_console;
    s->config.flash_report = show_flash_report;
    s->config.ctx = s;
    s->card = card_new(&s->config);
    if (!s->card)
        return tool_error(tool, "cannot make the card (trace file %s?)", s->config.trace ? s->config.trace : "none");
    tap_init(&s->tap, s->card);
    s->serve.interrupt = &interrupted;
    s->serve.wire = on_wire;
    s->serve.ctx = s;
    int status = serve(s->card, &s->serve) ? 1 : 0;
    if (status == 0 && s->stop_on && !s->stop_seen)
        status = tool_error(tool, "--stop-on %s: no console line held it", s->stop_on);
    nor_settle(card_nor(s->card), card_now_ns(s->card));
    if (s->stats && write_stats(s, nor_get_stats(card_nor(s->card)), card_now_ns(s->card))) status = 1;
    if (!capture_end(&s->capture, error)) status = tool_error(tool, "%s", error);
    card_free(s->card);
    return status;
}

int main(int argc, char **argv) {
    static struct session s;
    char error[PCAPNG_ERROR_TEXT];
    s.part = "w25q128jv";
    s.config.trace_to_ns = s.serve.until_ns = UINT64_MAX / 2;
    int status = read_options(&s, argc, argv);
    if (status) return tool_finish(tool, status - 1);

    if (s.capture_path && !capture_begin(&s.capture, s.capture_path, tool, s.serve.link, error))
        return tool_error(tool, "%s", error);
    s.config.flash = map_flash(s.flash_path, s.config.part->size);
    if (!s.config.flash) return 1;
    struct sigaction action = {.sa_handler = on_signal};  // no SA_RESTART: a waiting read shall come back
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    status = s.serprog ? run_clip(&s) : run_card(&s);
    munmap(s.config.flash, s.config.part->size);
    return tool_finish(tool, status);
}
