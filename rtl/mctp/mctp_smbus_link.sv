// SPDX-License-Identifier: Apache-2.0
//
// An MCTP link on an SMBus (DSP0237): controller when it sends, target when it receives, on a bus
// with other controllers. Block writes with PEC only. The packet side is the link interface of
// rtl/README.md.
//
// A packet goes to destination_i or, while that is 0, to where the last good packet came from;
// before there was one it is dropped. A sink that is slow makes the bus wait; it costs a packet only
// when a byte waits for more than its share of the 25 ms that SMBus allows for all (tLOW:SEXT).
//
// Speed: a bit takes ClkHz / BitRate cycles, rounded up, a transfer nine bits a byte and two more to
// the next START; 1 MHz needs a clock of 12 MHz, with a slower one the bits are longer. A packet
// offered is gone after 8 tries, each of which ends with the transfer that it lost to, or when
// nothing moves for 25 to 29 ms on a bus that is not idle. While the bus is free nothing counts.
module mctp_smbus_link
  import sluice_pkg::*;
#(
    parameter int unsigned ClkHz = 12_000_000,
    parameter int unsigned BitRate = 1_000_000,  // highest, in Hz
    parameter int unsigned MaxPacket = 74  // longest packet received, bytes with header, 5..254
) (
    input logic clk_i,
    input logic rst_ni,
    input logic scl_i,  // the pins: asynchronous inputs,
    output logic scl_low_o,  // and whether to pull them low
    input logic sda_i,
    output logic sda_low_o,
    input logic [6:0] own_i,  // own address, 08h..77h
    input logic [6:0] destination_i,
    output logic [6:0] peer_o,  // where the last good packet came from, or 0
    output pkt_byte_t rx_o,
    output logic rx_valid_o,
    input logic rx_ready_i,
    output logic bad_o,  // one cycle a packet lost, received or to send
    input pkt_byte_t tx_i,
    input logic [7:0] tx_len_i,  // bytes of the packet offered, until one is taken
    input logic tx_valid_i,
    output logic tx_ready_o,
    output logic tx_idle_o  // nothing offered, nothing on the bus
);

  // SMBus demands that spikes of 50 ns have no effect. One may hit this many samples and one more.
  localparam int unsigned SpikeSamples = ClkHz / 20_000_000;
  localparam int unsigned Samples = SpikeSamples + 2;

  if (MaxPacket < 5 || MaxPacket > 254) begin : gen_bad_size
    $error("MaxPacket is 5..254");
  end

  logic scl, scl_was, sda, rise, fall, start, stop;
  logic low_done, bit_end, idle, patient, timeout, free;
  logic begin_transfer, finish, abort, sending, ending, waiting, late, begun, sent, failed;
  logic byte_valid, byte_last, source, good, bad, stretch, hold, give_up, load_ready, drain, drop;
  logic [7:0] data;
  logic [6:0] destination;

  assign destination = destination_i != '0 ? destination_i : peer_o;
  assign tx_ready_o = load_ready || drain;
  assign tx_idle_o = !tx_valid_i && !sending && !drain;
  assign bad_o = bad || drop;

  mctp_smbus_lines #(
      .Samples(Samples)
  ) u_lines (
      .clk_i,
      .rst_ni,
      .scl_i,
      .sda_i,
      .scl_o    (scl),
      .scl_was_o(scl_was),
      .sda_o    (sda),
      .rise_o   (rise),
      .fall_o   (fall),
      .start_o  (start),
      .stop_o   (stop)
  );

  mctp_smbus_timer #(
      .ClkHz(ClkHz),
      .BitRate(BitRate),
      .Samples(Samples),
      .MaxPacket(MaxPacket)
  ) u_timer (
      .clk_i,
      .rst_ni,
      .restart_i (fall || late || give_up),
      .stop_i    (stop),
      .start_i   (start),
      .rise_i    (rise),
      .halt_i    (free),
      .low_done_o(low_done),
      .bit_end_o (bit_end),
      .idle_o    (idle),
      .patient_o (patient),
      .timeout_o (timeout)
  );

  mctp_smbus_transfer #(
      .MaxPacket(MaxPacket)
  ) u_transfer (
      .clk_i,
      .rst_ni,
      .scl_i        (scl),
      .sda_i        (sda),
      .rise_i       (rise),
      .fall_i       (fall),
      .start_i      (start),
      .stop_i       (stop),
      .sda_low_o,
      .begin_i      (begin_transfer),
      .finish_i     (finish),
      .abort_i      (abort),
      .own_i,
      .destination_i(destination),
      .tx_i,
      .tx_len_i,
      .tx_valid_i,
      .tx_ready_o   (load_ready),
      .sending_o    (sending),
      .ending_o     (ending),
      .waiting_o    (waiting),
      .late_o       (late),
      .begun_o      (begun),
      .sent_o       (sent),
      .failed_o     (failed),
      .give_up_i    (give_up),
      .byte_o       (byte_valid),
      .last_o       (byte_last),
      .data_o       (data),
      .source_o     (source),
      .good_o       (good),
      .bad_o        (bad)
  );

  mctp_smbus_controller u_controller (
      .clk_i,
      .rst_ni,
      .scl_i      (scl),
      .scl_was_i  (scl_was),
      .sda_i      (sda),
      .fall_i     (fall),
      .start_i    (start),
      .stop_i     (stop),
      .scl_low_o,
      .free_o     (free),
      .low_done_i (low_done),
      .bit_end_i  (bit_end),
      .idle_i     (idle),
      .timeout_i  (timeout),
      .sending_i  (sending),
      .ending_i   (ending),
      .hold_i     (waiting || hold),
      .stretch_i  (stretch),
      .begun_i    (begun),
      .sent_i     (sent),
      .failed_i   (failed),
      .begin_o    (begin_transfer),
      .finish_o   (finish),
      .abort_o    (abort),
      .addressed_i(destination != '0),
      .tx_valid_i,
      .tx_last_i  (tx_i.last),
      .tx_taken_i (tx_valid_i && tx_ready_o),
      .tx_drain_o (drain),
      .drop_o     (drop)
  );

  mctp_smbus_receiver u_receiver (
      .clk_i,
      .rst_ni,
      .byte_i     (byte_valid),
      .last_i     (byte_last),
      .data_i     (data),
      .source_i   (source),
      .good_i     (good),
      .bad_i      (bad),
      .patient_i  (patient),
      .stretch_o  (stretch),
      .hold_o     (hold),
      .give_up_o  (give_up),
      .peer_o,
      .pkt_o      (rx_o),
      .pkt_valid_o(rx_valid_o),
      .pkt_ready_i(rx_ready_i)
  );

endmodule
