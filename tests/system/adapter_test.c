// SPDX-License-Identifier: Apache-2.0
//
// Clients of the simulator with serial frames in their hands reach each of the card's links.
#include "sim/adapter.h"
#include "check.h"
#include "tests/system/demo_board.h"

/** Sends a packet as a frame and waits for one; @return its length, 0: none came. */
static size_t exchange(struct adapter *a, struct mctp_serial_rx *rx, const uint8_t *packet, size_t len) {
    uint8_t frame[MCTP_SERIAL_MAX_FRAME];
    const uint64_t end = card_now_ns(a->card) + SECONDS / 10;
    if (!CHECK(adapter_send(a, frame, mctp_serial_encode(packet, len, frame, sizeof frame)))) return 0;
    while (card_now_ns(a->card) < end) {
        size_t bytes_len;
        card_run(a->card, end);
        const uint8_t *bytes = adapter_received(a, &bytes_len);
        for (size_t i = 0; i < bytes_len; i++) {
            const size_t n = mctp_serial_rx_byte(rx, bytes[i]);
            if (n) return n;
        }
    }
    return 0;
}

int main(void) {
    static const struct {
        const char *sentence, *via;
    } cases[] = {
        {"given a client at the serial line, when it sends Get Endpoint ID, then the answer comes back", "serial"},
        {"given a client at the packet port, when it sends a frame, then the answer comes back in one", "packet"},
        {"given a client at the SMBus, when it sends a frame, then the answer comes back in one", "smbus"},
    };
    struct rig *rig = factory_card();
    TEST("given a link that no card has, when it is looked up, then it is unknown") {
        CHECK_EQ(adapter_link_find("usb"), ADAPTER_UNKNOWN);
        CHECK(rig_wait_console(rig, "ready", 10 * SECONDS));
    }
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) TEST(cases[i].sentence) {
            const uint8_t get_eid[] = {0x01, 0x00, 0x08, 0xc8, 0x00, 0x80, 0x02};
            const uint8_t answer[] = {0x00, 0x00, 0x02, 0x00};  // type, response, command, completion code
            struct adapter adapter;
            struct mctp_serial_rx rx;
            adapter_init(&adapter, rig->card, adapter_link_find(cases[i].via));
            mctp_serial_rx_init(&rx);
            const size_t n = exchange(&adapter, &rx, get_eid, sizeof get_eid);
            CHECK(n > MCTP_HEADER_SIZE + sizeof answer && rx.packet[1] == 0x08);
            CHECK_MEM(rx.packet + MCTP_HEADER_SIZE, answer, sizeof answer);
            CHECK_EQ(card_smbus(rig->card)->packet_len != 0, adapter.link == ADAPTER_SMBUS);
        }
    rig_free(rig);
    return check_result();
}
