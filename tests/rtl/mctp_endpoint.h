// SPDX-License-Identifier: Apache-2.0
//
// mctp_top with everything around it: the far ends of its links (a serial line and a packet port's host), the stream
// engine's side and the processor's. Included after the Verilated model's header.
#pragma once
#include "mctp_line.h"
#include "mctp_port.h"

constexpr unsigned kDivider = 4, kMaxPacket = 74, kStreamBytes = 16;
constexpr uint8_t kOwnEid = 9;

struct Endpoint : Bench<Vmctp_top> {
    LineSender sender{kDivider};
    LineReceiver receiver{kDivider};
    mctp_serial_rx host;
    std::deque<Bytes> host_got;
    Bytes line_out;

    PortSender port_in;
    PortReceiver port_out;
    unsigned port_offer = 100, port_ready = 100;  // percent of the cycles
    bool port_waits = false;                      // the host sends nothing while the processor has something to read

    PacketSink stream;
    unsigned stream_tag = 0;                        // as announced with the packet's first byte
    unsigned stream_wait = 0, stream_laziness = 0;  // cycles until a beat is taken; the most they are
    std::deque<Bytes> stream_out;
    unsigned stream_eager = 1;  // percent of the cycles in which a packet begins, and then
    unsigned stream_pace = 50;  // in which a byte is offered
    size_t stream_at = 0;
    bool stream_offers = false;

    struct Queued {
        Bytes packet;
        unsigned link;
    };
    std::deque<Bytes> proc_got;
    std::deque<unsigned> proc_links;  // by which they came
    std::deque<Queued> proc_out;
    Bytes proc_open;
    bool proc_reads = true;
    unsigned read_wait = 3, push_wait = 0;
    size_t push_at = 0;

    Endpoint(int argc, char **argv) : Bench(argc, argv) {}

    void begin() {
        sender = LineSender(kDivider * 1.01);
        receiver = LineReceiver(kDivider);
        mctp_serial_rx_init(&host);
        host_got.clear();
        line_out.clear();
        port_in = {};
        port_out = {};
        port_offer = port_ready = 100;
        port_waits = false;
        stream = {};
        stream_out.clear();
        proc_got.clear();
        proc_links.clear();
        proc_out.clear();
        proc_open.clear();
        proc_reads = true;
        stream_laziness = 0;
        stream_eager = 1;
        stream_pace = 50;
        dut.own_eid_i = kOwnEid;
        dut.stream_link_i = 0;
        dut.uart_rx_i = 1;
        dut.stream_tx_valid_i = dut.rx_pop_i = dut.tx_push_i = dut.port_in_valid_i = dut.port_out_ready_i = 0;
        cycle = 0;
        reset();
    }

    void drive_stream() {
        if (!stream_offers)
            stream_offers = !stream_out.empty() && (stream_at > 0 ? chance(stream_pace) : chance(stream_eager));
        dut.stream_tx_valid_i = stream_offers;
        if (stream_offers)
            dut.stream_tx_i = (uint16_t)(stream_out.front()[stream_at] | (stream_at + 1 == kStreamBytes ? kLast : 0));
        dut.stream_rx_ready_i = stream_wait == 0;
    }

    // As firmware would: looks at the length, takes its time, reads and writes whole packets.
    void drive_proc() {
        dut.rx_pop_i = 0;
        if (dut.rx_length_o == 0 || !proc_reads)
            read_wait = 2;
        else if (read_wait > 0)
            read_wait--;
        else
            dut.rx_pop_i = 1;
        dut.tx_push_i = 0;
        if (push_wait > 0)
            push_wait--;
        else if (!proc_out.empty() && (push_at > 0 || dut.tx_ready_o)) {
            dut.tx_push_i = 1;
            dut.tx_data_i = proc_out.front().packet[push_at];
            dut.tx_last_i = push_at + 1 == proc_out.front().packet.size();
            dut.tx_link_i = (uint8_t)proc_out.front().link;
        }
    }

    void drive_port() {
        dut.port_in_i =
            packet_word_pins(port_in.drive(*this, chance(port_offer) && !(port_waits && dut.rx_length_o != 0)));
        dut.port_in_valid_i = port_in.offers;
        dut.port_out_ready_i = chance(port_ready);
    }

    void observe() {
        if (dut.stream_rx_valid_o) {
            if (stream_wait > 0)
                stream_wait--;
            else {
                if (!stream.inside) stream_tag = dut.stream_rx_tag_o;
                if (stream.open.size() == 3) CHECK_EQ(stream_tag, dut.stream_rx_o & 3);
                stream.beat(dut.stream_rx_o);
                stream_wait = stream_laziness ? random() % (stream_laziness + 1) : 0;
            }
        }
        if (stream_offers && dut.stream_tx_ready_o) {
            stream_offers = false;
            if (++stream_at == kStreamBytes) {
                stream_at = 0;
                stream_out.pop_front();
            }
        }
        observe_proc();
        if (port_in.offers && dut.port_in_ready_o) port_in.taken();
        if (dut.port_out_valid_o && dut.port_out_ready_i) port_out.take(packet_word_of(dut.port_out_o));
    }

    void observe_proc() {
        if (dut.rx_pop_i) {
            if (proc_open.empty()) proc_links.push_back(dut.rx_link_o);
            CHECK_EQ(dut.rx_link_o, proc_links.back());
            proc_open.push_back(dut.rx_data_o);
            if (dut.rx_length_o == 1) {
                proc_got.push_back(proc_open);
                proc_open.clear();
            }
            read_wait = 2 + random() % 4;
        }
        if (dut.tx_push_i) {
            push_wait = dut.tx_last_i ? 1 + random() % 20 : random() % 8;
            if (++push_at == proc_out.front().packet.size()) {
                push_at = 0;
                proc_out.pop_front();
            }
        }
    }

    void observe_line() {
        receiver.sample(dut.uart_tx_o);
        while (!receiver.bytes.empty()) {
            uint8_t byte = receiver.bytes.front();
            receiver.bytes.pop_front();
            line_out.push_back(byte);
            size_t length = mctp_serial_rx_byte(&host, byte);
            if (length) host_got.emplace_back(host.packet, host.packet + length);
        }
        if (dut.tx_idle_o && !dut.tx_push_i)
            CHECK(!receiver.inside() && host.state == 0 && push_at == 0 && stream_at == 0);
    }

    void step() {
        dut.uart_rx_i = sender.at(cycle);
        drive_stream();
        drive_proc();
        drive_port();
        eval();
        observe();
        observe_line();
        tick();
    }

    void steps(unsigned n) {
        for (; n > 0; n--) step();
    }

    bool dry() { return sender.idle() && port_in.words.empty() && stream_out.empty() && proc_out.empty(); }

    void run_dry() {
        for (unsigned limit = 0; limit < 20000000 && check_ok; limit++) {
            step();
            if (dry() && dut.tx_idle_o) break;
        }
        steps(2000);
        CHECK(dry() && dut.tx_idle_o);
        CHECK_EQ(receiver.faults, 0);
    }

    void send(const Bytes &line) {
        for (uint8_t byte : line) sender.byte(byte);
    }
};

inline Bytes packet_for(Endpoint &endpoint, uint8_t eid, bool stream, unsigned longest = kMaxPacket) {
    Bytes packet = random_packet(endpoint, 5, longest);
    packet[0] = 1;
    packet[1] = eid;
    packet[3] = (uint8_t)((packet[3] & 0xf0) | (stream ? endpoint.random() % 4 : 4 + endpoint.random() % 12));
    return packet;
}
