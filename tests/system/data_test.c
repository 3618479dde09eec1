// SPDX-License-Identifier: Apache-2.0
//
// What surrounds the images on the Verilated card: package data in parts that are longer than its memory for messages,
// metadata that comes back, and the activation that can be watched and ends in the time that was announced.
#include <stdlib.h>

#include "check.h"
#include "tests/system/demo_board.h"

/** Whether the processor takes packets of a control message as fast as they follow each other on the line, one in 5900
 * cycles. SERV needs 54000 for each: its messages must fit into the four packets of the FIFO. (Firmware data is the
 * engine's.) */
static bool keeps_up(void) {
    return strcmp(SLUICE_CORE, "serv") != 0;
}

static void test_data(uint32_t part) {
    static uint8_t data[5000];
    char name[160], shown[40];
    snprintf(
        name, sizeof name,
        "given %u bytes of package data, when they come in parts of %u, then the card takes all of them and gets its "
        "metadata back",
        (unsigned)sizeof data, part);
    TEST(name) {
        struct rig *rig = factory_card();
        size_t len;
        memset(data, 'x', sizeof data);
        memcpy(data, "release 7", 9);
        uint8_t *package = rig_package_with_data(&bitstream_2, 1, 0x5301, data, sizeof data, &len);
        rig->config.max_transfer = part;
        rig->config.activate = AGENT_ACTIVATE_PENDING;
        CHECK_EQ(rig_update(rig, package, len, 100 * SECONDS), AGENT_DONE);
        snprintf(shown, sizeof shown, "package data %04xh bytes: release 7xxx", (unsigned)sizeof data);
        CHECK(strstr(rig->console, shown) != NULL);
        CHECK(strstr(rig->console, "metadata is back") != NULL);
        free(package);
        rig_free(rig);
    }
}

/** What the card sent on its line about an activation. */
struct story {
    struct mctp_serial_rx rx;
    bool activated, back;            ///< ActivateFirmware is answered; a later GetStatus says IDLE
    uint64_t activated_at, back_at;  ///< cycles
    unsigned announced_s;
    unsigned seen;  ///< answers to GetStatus that say ACTIVATE
    uint8_t progress;
    bool rises;
};

static void take_status(struct story *story, uint64_t cycle, const struct pldm_get_status_resp *status) {
    if (!story->activated || story->back) return;
    if (status->current_state == PLDM_STATE_ACTIVATE) {
        story->rises = story->rises && status->progress <= 100 && status->progress >= story->progress;
        story->progress = status->progress;
        story->seen++;
    } else if (status->current_state == PLDM_STATE_IDLE) {
        story->back = true;
        story->back_at = cycle;
    }
}

static void listen(void *ctx, uint64_t cycle, bool to_card, uint8_t byte) {
    struct story *story = ((struct rig *)ctx)->test;
    size_t len = to_card ? 0 : mctp_serial_rx_byte(&story->rx, byte);
    const uint8_t *msg = story->rx.packet + MCTP_HEADER_SIZE + 1, *body = msg + PLDM_HEADER_SIZE;
    if (len <= MCTP_HEADER_SIZE + 1 + PLDM_HEADER_SIZE || msg[-1] != MCTP_TYPE_PLDM || msg[1] != PLDM_TYPE_FWUP) return;
    len -= MCTP_HEADER_SIZE + 1 + PLDM_HEADER_SIZE;
    struct pldm_activate_firmware_resp activate;
    struct pldm_get_status_resp status;
    if (msg[2] == PLDM_GET_STATUS && pldm_get_status_resp_decode(body, len, &status) == 0)
        take_status(story, cycle, &status);
    if (msg[2] != PLDM_ACTIVATE_FIRMWARE || pldm_activate_firmware_resp_decode(body, len, &activate) != 0) return;
    story->activated = activate.completion_code == 0;
    story->activated_at = cycle;
    story->announced_s = activate.estimated_s;
}

static void test_activation(void) {
    TEST(
        "given an update, when it is activated, then ACTIVATE and its progress are seen, and the card is back within "
        "the "
        "time announced, not long before it") {
        struct story story = {.rises = true};
        struct rig *rig = rig_new("w25q128jv");
        rig_factory(rig, (const struct rig_component[]){firmware_1, bitstream_1}, 2);
        mctp_serial_rx_init(&story.rx);
        rig->wire = listen;
        rig->test = &story;
        rig_power_on(rig);
        rig->config.poll_ms = 100;
        rig->config.response_ms = 200;  // a question to a card that is just restarting is soon repeated
        size_t len;
        uint8_t *package = rig_package(&firmware_2, 1, 0x5301, &len);
        CHECK_EQ(rig_update(rig, package, len, 60 * SECONDS), AGENT_DONE);
        const double took_s = (double)(story.back_at - story.activated_at) / card_clk_hz();
        printf("# %u s announced, %.3f s needed, ACTIVATE seen %u times\n", story.announced_s, took_s, story.seen);
        CHECK(story.back && story.seen >= 3 && story.rises && story.progress > 50);
        CHECK(took_s <= story.announced_s && took_s > story.announced_s - 1.0);
        free(package);
        rig_free(rig);
    }
}

static void test_eid(void) {
    TEST(
        "given a card with an EID, when it restarts into new firmware, then it keeps the EID, and forgets it when "
        "power "
        "fails") {
        struct rig *rig = factory_card();
        size_t len;
        uint8_t *package = rig_package(&firmware_2, 1, 0x5301, &len);
        CHECK_EQ(rig_update(rig, package, len, 60 * SECONDS), AGENT_DONE);
        rig_power_off(rig);
        rig_power_on(rig);
        rig_wait(rig, SECONDS);
        rig->config.device_has_eid = true; /* it is addressed by its EID, and never given one */
        CHECK_EQ(rig_inventory(rig, 10 * SECONDS), AGENT_FAILED);
        rig->config.device_has_eid = false;
        CHECK_EQ(rig_inventory(rig, 10 * SECONDS), AGENT_DONE);
        rig->config.device_has_eid = true;
        CHECK_EQ(rig_update(rig, package, len, 60 * SECONDS), AGENT_DONE);
        CHECK(strstr(rig->console, "after restart") != NULL);
        free(package);
        rig_free(rig);
    }
}

/** How long the card takes to answer. */
struct patience {
    struct mctp_serial_rx to_card, from_card;
    uint64_t asked_at[8];  ///< cycle of the last request with this tag; 0: answered
    uint64_t worst;        ///< cycles
    uint8_t worst_command;
    unsigned answers;
};

static void time_answers(void *ctx, uint64_t cycle, bool to_card, uint8_t byte) {
    struct patience *p = ((struct rig *)ctx)->test;
    struct mctp_serial_rx *rx = to_card ? &p->to_card : &p->from_card;
    const size_t len = mctp_serial_rx_byte(rx, byte);
    if (len < MCTP_HEADER_SIZE + 4 || ((rx->packet[3] & 8) != 0) != to_card) return; /* the agent's, and the answers */
    uint64_t *asked_at = &p->asked_at[rx->packet[3] & 7];
    if (to_card) {
        *asked_at = cycle;
    } else if (*asked_at != 0) {
        const uint64_t took = cycle - *asked_at;
        if (took > p->worst) {
            p->worst = took;
            p->worst_command = rx->packet[MCTP_HEADER_SIZE + 3];
        }
        *asked_at = 0;
        p->answers++;
    }
}

static void test_response_time(void) {
    TEST(
        "given a flash that is as slow as it may be, when a card is updated and asked all the time, then each answer "
        "comes "
        "within PT1, 100 ms") {
        struct patience p = {.worst = 0};
        struct rig *rig = rig_new("w25q128jv");
        rig_factory(rig, (const struct rig_component[]){firmware_1, bitstream_1}, 2);
        mctp_serial_rx_init(&p.to_card);
        mctp_serial_rx_init(&p.from_card);
        rig->maximum_timing = true;
        rig->wire = time_answers;
        rig->test = &p;
        rig_power_on(rig);
        rig->config.poll_ms = 10;
        rig->config.activate = AGENT_ACTIVATE_PENDING;
        size_t len;
        uint8_t *package = rig_package(&bitstream_2, 1, 0x5301, &len);
        CHECK_EQ(rig_update(rig, package, len, 60 * SECONDS), AGENT_DONE);
        /* Once more: the image that waits has to be given up in the journal first. */
        CHECK_EQ(rig_update(rig, package, len, 60 * SECONDS), AGENT_DONE);
        printf("# %u answers, the latest after %.2f ms to command %02xh\n", p.answers,
               (double)p.worst * 1000.0 / card_clk_hz(), p.worst_command);
        CHECK(p.answers > 50 && p.worst < card_clk_hz() / 10);
        free(package);
        rig_free(rig);
    }
}

int main(void) {
    if (keeps_up()) test_data(4096);
    if (keeps_up()) test_data(256);
    test_data(200);
    test_activation();
    test_eid();
    test_response_time();
    return check_result();
}
