// SPDX-License-Identifier: Apache-2.0
//
// Takes the answer to the outstanding RequestFirmwareData (DSP0267 clause 11.6) out of the packets
// for the engine and writes its data, byte by byte, into the RAM block. An answer is good when it
// comes from the peer with the request's tag and instance ID, with every packet in sequence, with
// completion code 0 and exactly the length asked for; only then answer_good_o says so. What belongs
// to no outstanding request is ignored, and no byte is ever written outside the chunk asked for.
// The end (EOM) of an answer that lost a packet, its first one included, is answer_broken_o.
// Ready within one RAM access of each byte; the verdict comes one cycle after the last one.
module stream_matcher
  import sluice_pkg::*;
  import stream_pkg::*;
(
    input logic clk_i,
    input logic rst_ni,

    input logic [7:0] peer_i,

    input  logic              expect_i,         // an answer may come
    input  logic              listen_i,         // the verdict is looked at, else it waits
    input  logic [       4:0] instance_i,
    input  logic [BlockW-1:0] block_i,
    input  logic [       6:0] position_i,
    input  logic [       6:0] length_m1_i,
    output logic              answer_good_o,
    output logic              answer_broken_o,
    output logic              answer_retry_o,
    output logic              answer_error_o,
    output logic              answer_grows_o,
    output logic [       7:0] code_o,           // completion code of the last answer

    input  pkt_byte_t rx_i,
    input  logic      rx_valid_i,
    output logic      rx_ready_o,

    output ram_req_t ram_o,
    input  logic     ram_gnt_i
);

  localparam logic [7:0] RetryRequestFwData = 8'h89;

  // The byte that comes next.
  typedef enum logic [3:0] {
    Version,
    Destination,
    Source,
    Flags,
    MessageType,
    Instance,
    PldmType,
    Command,
    Code,
    Data,
    Skip,     // the packet is not for us
    Verdict   // none: the answer is complete
  } state_e;

  state_e state_q, state_d;
  logic [11:0] at_q, at_d;  // data byte of the answer
  logic full_q, full_d;  // all data bytes are there
  logic bad_q, bad_d;  // a packet of the answer is missing, or it is too long
  logic alien_q, alien_d;  // a message with our tag that is not our answer is coming in
  logic [1:0] sequence_q, sequence_d;
  logic eom_q, eom_d;
  logic [7:0] code_q, code_d;

  logic       take;
  logic [7:0] wanted;
  logic       match;
  logic       som;

  assign take = rx_valid_i && rx_ready_o;
  assign som  = rx_i.data[7];

  always_comb begin
    wanted = peer_i;
    unique case (state_q)
      MessageType: wanted = 8'h01;  // PLDM, no integrity check
      Instance:    wanted = {3'b000, instance_i};  // a response
      PldmType:    wanted = 8'h05;  // firmware update, header version 0
      Command:     wanted = 8'h15;
      Flags:       wanted = {rx_i.data[7:4], 2'b00, instance_i[1:0]};  // TO = 0, the tag
      default:     wanted = peer_i;
    endcase
  end
  assign match = rx_i.data == wanted;

  always_comb begin
    state_d        = state_q;
    at_d           = at_q;
    full_d         = full_q;
    bad_d          = bad_q;
    alien_d        = alien_q;
    sequence_d     = sequence_q;
    eom_d          = eom_q;
    code_d         = code_q;
    answer_grows_o = 1'b0;

    if (take) begin
      unique case (state_q)
        Version:     state_d = Destination;  // the link has checked both
        Destination: state_d = Source;
        Source:      state_d = match ? Flags : Skip;
        MessageType, Instance, PldmType, Command: begin
          state_d = match ? state_e'(state_q + 4'd1) : Skip;
          alien_d = !match;
        end
        Flags: begin
          state_d = Skip;
          if (match && expect_i && (som || !alien_q)) begin
            state_d    = som ? MessageType : Data;
            eom_d      = rx_i.data[6];
            sequence_d = rx_i.data[5:4] + 1'b1;
            if (!som && rx_i.data[5:4] != sequence_q) bad_d = 1'b1;
          end
        end
        Code: begin
          state_d = Data;
          code_d  = rx_i.data;
          at_d    = '0;
          full_d  = 1'b0;
          bad_d   = 1'b0;
        end
        Data: begin
          at_d = at_q + 1'b1;
          if (at_q == {length_m1_i, 5'h1f}) full_d = 1'b1;
          if (full_q) bad_d = 1'b1;
        end
        default:     ;
      endcase
      if (!expect_i && state_q > Flags) state_d = Skip;
      if (rx_i.last) begin
        state_d = Version;
        if (expect_i && (state_q == Code || state_q == Data)) begin
          if (rx_i.err) bad_d = 1'b1;
          else if (eom_q) state_d = Verdict;
          answer_grows_o = !rx_i.err && !bad_d;
        end
      end
    end
    if (state_q == Verdict && (listen_i || !expect_i)) begin
      state_d = Version;
      bad_d   = 1'b1;  // until the next one begins
    end

    // What comes in without its message's first packet is of no use; but a byte that waits for its RAM
    // access must get it.
    if (!expect_i && !(ram_o.req && !ram_gnt_i)) begin
      bad_d   = 1'b1;
      alien_d = 1'b0;
    end
  end

  always_comb begin
    rx_ready_o = 1'b1;
    if (state_q == Verdict) rx_ready_o = 1'b0;
    if (ram_o.req) rx_ready_o = ram_gnt_i;
  end

  always_comb begin
    ram_o       = '0;
    ram_o.req   = state_q == Data && rx_valid_i && !full_q && !bad_q;
    ram_o.we    = 1'b1;
    ram_o.be    = 4'b0001 << at_q[1:0];
    ram_o.addr  = RamAw'({block_i, {position_i, 3'b0} | at_q[11:2]});
    ram_o.wdata = {4{rx_i.data}};
  end

  // ---- verdict -----------------------------------------------------------------------------------------------------
  logic verdict, success;
  assign verdict         = state_q == Verdict && listen_i;
  assign success         = code_q == '0;
  assign answer_good_o   = verdict && !bad_q && success && full_q;
  assign answer_broken_o = verdict && (bad_q || (success && !full_q));
  assign answer_retry_o  = verdict && !bad_q && code_q == RetryRequestFwData;
  assign answer_error_o  = verdict && !bad_q && !success;  // or retry, which goes first
  assign code_o          = code_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q <= Version;
      bad_q   <= 1'b1;
    end else begin
      state_q <= state_d;
      bad_q   <= bad_d;
    end
  end

  always_ff @(posedge clk_i) begin
    at_q       <= at_d;
    full_q     <= full_d;
    alien_q    <= alien_d;
    sequence_q <= sequence_d;
    eom_q      <= eom_d;
    code_q     <= code_d;
  end

`ifndef SYNTHESIS
  // Nothing is written outside the chunk asked for.
  AInsideChunk :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    ram_o.req |-> at_q <= {length_m1_i, 5'h1f} && (at_q & {position_i, 5'h0}) == '0);
  AOneVerdict :
  assert property (@(posedge clk_i) disable iff (!rst_ni) $onehot0(
      {answer_good_o, answer_broken_o, answer_error_o}
  ));
`endif

endmodule
