// SPDX-License-Identifier: Apache-2.0
//
// Fetches blocks from the link: asks for each chunk of a block with a RequestFirmwareData (DSP0267
// clause 11.6) and waits until stream_matcher has put the answer into RAM; one request at a time. A
// lost or malformed answer is asked for again at once or after `timeout_ms_i`, one that says
// RETRY_REQUEST_FW_DATA after `delay_ms_i`, always with the same instance ID and the same bytes, at
// most `retries_i` times.
// The MCTP tag is the instance ID modulo 4, so that late answers to earlier requests differ in it.
// From the end of an answer to the first byte of the next request: 6 cycles inside a block.
module stream_requester
  import sluice_pkg::*;
  import sluice_regs_pkg::*;
  import stream_pkg::*;
  import order_map_pkg::*;
(
    input logic clk_i,
    input logic rst_ni,

    input logic [ 7:0] peer_i,
    input logic [ 7:0] own_eid_i,
    input logic [ 3:0] chunk_log2_i,
    input logic [ 3:0] retries_i,
    input logic [15:0] timeout_ms_i,
    input logic [15:0] delay_ms_i,
    input logic        tick_ms_i,

    // blocks to fetch: one that stream_orders wants, or one that the checker wants once more; each
    // until it is done (pulse). job_i is valid two cycles after a change of look_checked_o.
    input  logic want_i,
    output logic done_o,
    input  logic again_i,
    output logic again_done_o,
    input  job_t job_i,
    output logic look_checked_o, // job_i is to be the checker's, else the one at the made end

    input  logic         stop_i,   // give up as soon as no packet is cut short by it
    output logic         idle_o,
    output logic         fail_o,   // pulse: give up the block
    output stop_reason_t reason_o,

    // words of orders
    output logic                  word_req_o,
    output logic                  word_slot_o,
    output logic [OrderWordW-1:0] word_o,
    input  logic                  word_ack_i,
    input  logic [          31:0] ram_rdata_i,

    // the answer, to and from stream_matcher
    output logic expect_o,  // an answer may come; low between two requests
    output logic listen_o,  // the verdict is looked at
    output logic [4:0] instance_o,
    output logic [BlockW-1:0] block_o,  // RAM block
    output logic [6:0] position_o,  // of the chunk in it, in units of 32 bytes
    output logic [6:0] length_m1_o,  // of the chunk, in units of 32 bytes, minus 1
    input logic answer_good_i,  // pulses while listen_o: whole and in RAM;
    input logic answer_broken_i,  // lost a packet or has another length;
    input logic answer_retry_i,  // RETRY_REQUEST_FW_DATA;
    input logic answer_error_i,  // another completion code
    input logic answer_grows_i,  // a good packet of it has come

    output pkt_byte_t tx_o,
    output logic      tx_valid_o,
    input  logic      tx_ready_i,

    output logic count_request_o,  // pulses for the counters
    output logic count_retry_o
);

  localparam logic [7:0] HeaderVersion = 8'h01;
  localparam logic [7:0] WholeOwnTag = 8'hC8;  // SOM, EOM, sequence 0, TO
  localparam logic [7:0] TypePldm = 8'h01;
  localparam logic [7:0] FirmwareUpdate = 8'h05;
  localparam logic [7:0] RequestFirmwareData = 8'h15;

  typedef enum logic [2:0] {
    Idle,
    Settle,      // the job is on its way from the queue's memory
    ReadOffset,
    Send,
    WaitAnswer,
    WaitRetry
  } state_e;

  state_e state_q, state_d;

  // the block
  logic        again_q;

  // the request
  logic [ 4:0] instance_q;
  logic [ 6:0] position_q;
  logic [31:5] offset_q;
  logic [ 3:0] byte_q;
  logic [ 3:0] repeats_q;
  logic [15:0] timer_q;

  logic        take;  // a block
  logic        next;  // chunk: a new request
  logic        repeated;  // the same request once more, if repeats are left
  logic        timer_clear;
  logic        expired;

  // ---- the chunk: chunks are powers of two, so its unit numbers share the upper bits --------------------------------
  logic [ 6:0] mask;
  logic [ 6:0] last_unit;
  logic        last_chunk;
  logic [ 7:0] length;

  always_comb begin
    for (int unsigned i = 0; i < 7; i++) mask[i] = chunk_log2_i > 4'(i + 5);
  end
  assign last_unit   = {job_i.groups_m1, 1'b1};
  assign last_chunk  = position_q == (last_unit & ~mask);
  assign length_m1_o = last_chunk ? last_unit & mask : mask;
  assign length      = 8'(length_m1_o) + 1'b1;

  // ---- packet --------------------------------------------------------------------------------------------------------
  always_comb begin
    tx_o      = '0;
    tx_o.last = byte_q == '1;
    unique case (byte_q)
      4'd0:    tx_o.data = HeaderVersion;
      4'd1:    tx_o.data = peer_i;
      4'd2:    tx_o.data = own_eid_i;
      4'd3:    tx_o.data = WholeOwnTag | 8'(instance_q[1:0]);
      4'd4:    tx_o.data = TypePldm;
      4'd5:    tx_o.data = {3'b100, instance_q};  // Rq
      4'd6:    tx_o.data = FirmwareUpdate;
      4'd7:    tx_o.data = RequestFirmwareData;
      4'd8:    tx_o.data = {offset_q[7:5], 5'b0};
      4'd9:    tx_o.data = offset_q[15:8];
      4'd10:   tx_o.data = offset_q[23:16];
      4'd11:   tx_o.data = offset_q[31:24];
      4'd12:   tx_o.data = {length[2:0], 5'b0};
      4'd13:   tx_o.data = {3'b0, length[7:3]};
      default: tx_o.data = '0;
    endcase
  end

  // ---- control -------------------------------------------------------------------------------------------------------
  assign expired = timer_q == (state_q == WaitRetry ? delay_ms_i : timeout_ms_i);

  always_comb begin
    state_d      = state_q;
    take         = 1'b0;
    next         = 1'b0;
    repeated     = 1'b0;
    done_o       = 1'b0;
    again_done_o = 1'b0;
    fail_o       = 1'b0;
    reason_o     = stop_reason_e__TIMEOUT;
    timer_clear  = 1'b0;
    tx_valid_o   = 1'b0;

    unique case (state_q)
      Idle: begin
        take = (want_i || again_i) && !stop_i;
        next = take;
        if (take) state_d = Settle;
      end
      Settle:     state_d = ReadOffset;
      ReadOffset: if (word_ack_i) state_d = stop_i ? Idle : Send;
      Send: begin
        tx_valid_o  = 1'b1;
        timer_clear = 1'b1;
        if (tx_ready_i && tx_o.last) state_d = WaitAnswer;
      end
      WaitAnswer: begin
        timer_clear = answer_grows_i;
        if (answer_good_i) begin
          next         = !last_chunk;
          state_d      = last_chunk ? Idle : ReadOffset;
          done_o       = last_chunk && !again_q;
          again_done_o = last_chunk && again_q;
        end else if (answer_broken_i) begin
          repeated = 1'b1;
          reason_o = stop_reason_e__LENGTH;
        end else if (answer_retry_i) begin
          timer_clear = 1'b1;
          reason_o    = stop_reason_e__COMPLETION_CODE;
          fail_o      = repeats_q == retries_i;
          state_d     = WaitRetry;
        end else if (answer_error_i) begin
          reason_o = stop_reason_e__COMPLETION_CODE;
          fail_o   = 1'b1;
        end else if (expired) begin
          repeated = 1'b1;
        end
      end
      WaitRetry:  repeated = expired;
      default:    state_d = Idle;
    endcase

    if (repeated) begin
      fail_o  = repeats_q == retries_i;
      state_d = Send;
    end
    if (fail_o || (stop_i && (state_q == WaitAnswer || state_q == WaitRetry))) state_d = Idle;
  end

  assign idle_o          = state_q == Idle;
  assign look_checked_o  = again_q;
  assign listen_o        = state_q == WaitAnswer;
  assign expect_o        = listen_o || (state_q == Send && repeats_q != '0);
  assign instance_o      = instance_q;
  assign block_o         = job_i.block;
  assign position_o      = position_q;
  assign word_req_o      = state_q == ReadOffset;
  assign word_slot_o     = job_i.slot;
  assign word_o          = OrderWordW'(ImageOffsetWord);
  assign count_request_o = state_q == Send && tx_ready_i && tx_o.last;
  assign count_retry_o   = repeated && !fail_o;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q    <= Idle;
      instance_q <= '0;
      byte_q     <= '0;
    end else begin
      state_q <= state_d;
      if (next) instance_q <= instance_q + 1'b1;
      if (tx_valid_o && tx_ready_i) byte_q <= byte_q + 1'b1;  // wraps after the last byte
    end
  end

  always_ff @(posedge clk_i) begin
    if (take) again_q <= again_i;
    if (take) position_q <= '0;
    else if (next) position_q <= position_q + length[6:0];
    if (word_ack_i) offset_q <= ram_rdata_i[31:5] + 27'({job_i.index, position_q});
    if (next) repeats_q <= '0;
    else if (repeated) repeats_q <= repeats_q + 1'b1;
    if (timer_clear) timer_q <= '0;
    else if (tick_ms_i) timer_q <= timer_q + 1'b1;
  end

  // Of no concern here.
  logic unused;
  assign unused = ^{job_i, ram_rdata_i[4:0]};

`ifndef SYNTHESIS
  AKeepsByte :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    tx_valid_o && !tx_ready_i |=> tx_valid_o && $stable(
      tx_o
  ));
`endif

endmodule
