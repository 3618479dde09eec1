// SPDX-License-Identifier: Apache-2.0
//
// Fetches blocks from the link: asks for each chunk of a block with a RequestFirmwareData (DSP0267
// clause 11.6) that stays with one stream_request until stream_matcher has put the answer into RAM.
// Up to `Outstanding` of them are under way, no more than `outstanding_m1_i` + 1; their chunks may
// belong to several blocks; two blocks that stream_orders hands over together are one chunk. Answers
// may come in any order. What is due again goes before what is new.
// The MCTP tag is the instance ID modulo 4: the requests under way differ in it, and a late answer to
// an earlier request differs from them in tag or instance ID. A repeat is the same bytes again.
// From the last byte of an answer to the first byte of the next request, inside a block: 5 cycles, in
// a build for several 6.
module stream_requester
  import sluice_pkg::*;
  import sluice_regs_pkg::*;
  import stream_pkg::*;
  import order_map_pkg::*;
#(
    parameter  int unsigned Outstanding = 1,                      // 1 or 4
    parameter  int unsigned PlaceW      = 3,
    localparam int unsigned RequestW    = request_w(Outstanding)
) (
    input logic clk_i,
    input logic rst_ni,

    input logic [ 7:0] peer_i,
    input logic [ 7:0] own_eid_i,
    input logic [ 3:0] chunk_log2_i,
    input logic [ 1:0] outstanding_m1_i,
    input logic [ 3:0] retries_i,
    input logic [15:0] timeout_ms_i,
    input logic [15:0] delay_ms_i,
    input logic        tick_ms_i,

    // blocks to fetch: one that stream_orders wants, or one that the checker wants once more; each
    // until done (pulse). With want_pair_i the block at the next place is wanted, too. Of a wanted
    // block nothing is left to ask for then; it is in RAM, in a build for one outstanding at once, else
    // when no request is for its place any more; one fetched again is in RAM.
    input  logic              want_i,
    input  logic [PlaceW-1:0] want_place_i,
    input  logic              want_pair_i,
    output logic              done_o,
    input  logic              again_i,
    input  logic [PlaceW-1:0] again_place_i,
    output logic              again_done_o,

    // job queue: the jobs at the places in the cycle before
    output logic [PlaceW-1:0] send_place_o,
    input  job_t              send_job_i,
    output logic [PlaceW-1:0] answer_place_o,
    input  job_t              answer_job_i,
    input  logic [PlaceW-1:0] made_place_i,
    output logic              made_fetching_o, // a request is for made_place_i

    input logic stop_i,  // give up as soon as no packet is cut short by it
    output logic idle_o,
    output logic fail_o,  // pulse: give up
    output stop_reason_t reason_o,
    output logic [PlaceW-1:0] fail_place_o,  // from the cycle after fail_o until a block is begun

    // words of orders
    output logic                  word_req_o,
    output logic                  word_slot_o,
    output logic [OrderWordW-1:0] word_o,
    input  logic                  word_ack_i,
    input  logic [          31:0] ram_rdata_i,

    // answers, to and from stream_matcher
    output logic [Outstanding-1:0] expect_o,  // an answer to the request may come
    input logic [RequestW-1:0] answer_i,  // the request that the following are about
    input logic second_i,  // and of its blocks the second one
    output logic [4:0] instance_o,
    output logic pair_o,  // the chunk is two blocks
    // RAM block, and what of it the chunk is, in units of 32 bytes; two cycles after a change of
    // answer_i or second_i
    output logic [BlockW-1:0] block_o,
    output logic [6:0] position_o,
    output logic [6:0] length_m1_o,
    input logic answer_good_i,  // pulses, while expected: whole and in RAM;
    input logic answer_broken_i,  // lost a packet or has another length;
    input logic answer_retry_i,  // RETRY_REQUEST_FW_DATA;
    input logic answer_error_i,  // another completion code
    input logic answer_grows_i,  // a good packet of it has come

    output pkt_byte_t tx_o,
    output logic      tx_valid_o,
    input  logic      tx_ready_i,

    output logic awaiting_o,  // for the counters: an answer is awaited;
    output logic count_request_o,  // pulses
    output logic count_retry_o
);

  if (Outstanding != 1 && Outstanding != StreamTags) begin : gen_bad_outstanding
    $error("Outstanding must be 1 or %0d", StreamTags);
  end

  localparam int unsigned TagW = $clog2(
      Outstanding
  );  // bits of the instance ID that name the request
  localparam int unsigned CountW = 5 - TagW;
  localparam logic [7:0] HeaderVersion = 8'h01;
  localparam logic [7:0] WholeOwnTag = 8'hC8;  // SOM, EOM, sequence 0, TO
  localparam logic [7:0] TypePldm = 8'h01;
  localparam logic [7:0] FirmwareUpdate = 8'h05;
  localparam logic [7:0] RequestFirmwareData = 8'h15;

  // What the sender does with its request.
  typedef enum logic [1:0] {
    Idle,
    Settle,      // the job is on its way from the queue's memory
    ReadOffset,
    Send
  } state_e;

  state_e state_q, state_d;
  logic [RequestW-1:0] send_q, send_d;
  logic [31:5] offset_q;
  logic [ 3:0] byte_q;

  // the block that is walked over, chunk by chunk
  logic walking_q, walking_d;
  logic                again_q;  // it is the checker's
  logic [RequestW-1:0] last_q;  // request with the chunk that was begun last
  logic                more_q;  // that chunk is not the last of the block

  logic                take;  // a block, with its first chunk
  logic                next;  // chunk of the walked block
  logic                walked;  // all its chunks are begun
  logic                sent;

  // ---- requests ------------------------------------------------------------------------------------------------------
  logic [Outstanding-1:0] begins, due, repeated, sending, awaited, free, busy, mine, fails, pair;
  logic [Outstanding-1:0][PlaceW-1:0] place;
  logic [Outstanding-1:0][6:0] position;
  logic [Outstanding-1:0][CountW-1:0] count;
  logic [Outstanding-1:0][4:0] instance_id;
  stop_reason_t [Outstanding-1:0] reason;
  logic [PlaceW-1:0] begin_place;
  logic [6:0] begin_position;
  logic begin_pair;

  for (genvar i = 0; i < Outstanding; i++) begin : gen_request
    assign mine[i] = answer_i == RequestW'(i);
    assign sending[i] = state_q != Idle && send_q == RequestW'(i);
    assign instance_id[i] = 5'(32'(count[i]) << TagW) | 5'(i);
    stream_request #(
        .PlaceW(PlaceW),
        .CountW(CountW)
    ) u_request (
        .clk_i,
        .rst_ni,
        .retries_i,
        .timeout_ms_i,
        .delay_ms_i,
        .tick_ms_i,
        .begin_i   (begins[i]),
        .place_i   (begin_place),
        .position_i(begin_position),
        .pair_i    (begin_pair),
        .place_o   (place[i]),
        .position_o(position[i]),
        .pair_o    (pair[i]),
        .count_o   (count[i]),
        .due_o     (due[i]),
        .repeated_o(repeated[i]),
        .sending_i (sending[i]),
        .sent_i    (sending[i] && sent),
        .expect_o  (expect_o[i]),
        .grows_i   (mine[i] && answer_grows_i),
        .good_i    (mine[i] && answer_good_i),
        .broken_i  (mine[i] && answer_broken_i),
        .retry_i   (mine[i] && answer_retry_i),
        .error_i   (mine[i] && answer_error_i),
        .stop_i,
        .free_o    (free[i]),
        .busy_o    (busy[i]),
        .awaited_o (awaited[i]),
        .fail_o    (fails[i]),
        .reason_o  (reason[i])
    );
  end

  // Which of them: the first that is due, the first that failed, and of the free ones the next behind the last.
  logic [RequestW-1:0] due_first, failed, failed_q, pick;
  logic [2:0] taken;
  logic room;  // for one request more
  logic walked_fetching;  // the walked block is not in RAM yet

  always_comb begin
    due_first       = '0;
    failed          = '0;
    taken           = '0;
    walked_fetching = 1'b0;
    made_fetching_o = 1'b0;
    for (int i = int'(Outstanding) - 1; i >= 0; i--) begin
      if (due[i]) due_first = RequestW'(i);
      if (fails[i]) failed = RequestW'(i);
      taken += 3'(!free[i]);
      if (!free[i] && place[i] == place[last_q]) walked_fetching = 1'b1;
      if (busy[i] && place[i] == made_place_i) made_fetching_o = 1'b1;
    end
    pick = last_q;
    for (int unsigned i = 1; i < Outstanding; i++) begin
      if (free[last_q-RequestW'(i)]) pick = last_q - RequestW'(i);
    end
    room = free != '0 && (Outstanding == 1 || taken <= 3'(outstanding_m1_i));
  end

  // ---- chunks: powers of two, so the unit numbers of a chunk share the upper bits -------------------------------------
  logic [       6:0] mask;
  logic [       6:0] send_length_m1;
  logic [BlockW-1:0] send_index;
  logic [       8:0] send_length;
  logic              send_last;

  always_comb begin
    for (int unsigned i = 0; i < 7; i++) mask[i] = chunk_log2_i > 4'(i + 5);
  end

  function automatic logic is_last(logic [GroupW-1:0] groups_m1, logic [6:0] at,
                                   logic [6:0] in_chunk);
    return at == ({groups_m1, 1'b1} & ~in_chunk);
  endfunction
  function automatic logic [6:0] length_m1(logic [GroupW-1:0] groups_m1, logic [6:0] at,
                                           logic [6:0] in_chunk);
    return is_last(groups_m1, at, in_chunk) ? {groups_m1, 1'b1} & in_chunk : in_chunk;
  endfunction

  // The first of two blocks has an even index.
  assign send_index     = send_job_i.index & ~BlockW'(pair[send_q]);
  assign send_last      = is_last(send_job_i.groups_m1, position[send_q], mask);
  assign send_length_m1 = length_m1(send_job_i.groups_m1, position[send_q], mask);
  assign send_length    = {1'b0, pair[send_q], send_length_m1} + 1'b1;

  assign begin_pair     = Outstanding != 1 && take && !again_i && want_pair_i;
  assign begin_position = take ? '0 : position[last_q] + mask + 1'b1;
  always_comb begin
    begin_place = place[last_q];
    if (take) begin_place = again_i ? again_place_i : want_place_i;
    begins = '0;
    begins[pick] = take || next;
  end

  // ---- packet --------------------------------------------------------------------------------------------------------
  always_comb begin
    tx_o      = '0;
    tx_o.last = byte_q == '1;
    unique case (byte_q)
      4'd0:    tx_o.data = HeaderVersion;
      4'd1:    tx_o.data = peer_i;
      4'd2:    tx_o.data = own_eid_i;
      4'd3:    tx_o.data = WholeOwnTag | 8'(instance_id[send_q][1:0]);
      4'd4:    tx_o.data = TypePldm;
      4'd5:    tx_o.data = {3'b100, instance_id[send_q]};  // Rq
      4'd6:    tx_o.data = FirmwareUpdate;
      4'd7:    tx_o.data = RequestFirmwareData;
      4'd8:    tx_o.data = {offset_q[7:5], 5'b0};
      4'd9:    tx_o.data = offset_q[15:8];
      4'd10:   tx_o.data = offset_q[23:16];
      4'd11:   tx_o.data = offset_q[31:24];
      4'd12:   tx_o.data = {send_length[2:0], 5'b0};
      4'd13:   tx_o.data = {2'b0, send_length[8:3]};
      default: tx_o.data = '0;
    endcase
  end

  // ---- control -------------------------------------------------------------------------------------------------------
  always_comb begin
    state_d    = state_q;
    send_d     = send_q;
    take       = 1'b0;
    next       = 1'b0;
    walked     = 1'b0;
    sent       = 1'b0;
    tx_valid_o = 1'b0;

    unique case (state_q)
      Idle: begin
        if (due != '0 && !stop_i) begin
          send_d  = due_first;
          state_d = Settle;
        end else if (walking_q && !more_q && !stop_i) begin
          // The only request has the whole block in RAM before it is free.
          walked = Outstanding == 1 ? room : !(again_q && walked_fetching);
        end else if (room && !stop_i) begin
          take = !walking_q && (want_i || again_i);
          next = walking_q && more_q;
          if (take || next) begin
            send_d  = pick;
            state_d = Settle;
          end
          // The only request asks for the same job's chunk.
          if (next && Outstanding == 1) state_d = ReadOffset;
        end
      end
      Settle: begin
        sent    = stop_i;
        state_d = stop_i ? Idle : ReadOffset;
      end
      ReadOffset: begin
        sent = word_ack_i && stop_i;
        if (word_ack_i) state_d = stop_i ? Idle : Send;
      end
      Send: begin
        tx_valid_o = 1'b1;
        sent       = tx_ready_i && tx_o.last;
        if (sent) state_d = Idle;
      end
      default: state_d = Idle;
    endcase
  end
  assign walking_d       = (walking_q || take) && !walked && !stop_i;

  assign done_o          = walked && !again_q;
  assign again_done_o    = walked && again_q;
  assign idle_o          = state_q == Idle && busy == '0;
  assign fail_o          = fails != '0;
  assign reason_o        = reason[failed];
  assign fail_place_o    = place[failed_q];
  // Of two blocks the second one tells the length.
  assign send_place_o    = place[send_q] + PlaceW'(pair[send_q]);
  assign answer_place_o  = place[answer_i] + PlaceW'(second_i);
  assign instance_o      = instance_id[answer_i];
  assign pair_o          = pair[answer_i];
  assign block_o         = answer_job_i.block;
  assign position_o      = position[answer_i];
  assign length_m1_o     = length_m1(answer_job_i.groups_m1, position[answer_i], mask);
  assign word_req_o      = state_q == ReadOffset;
  assign word_slot_o     = send_job_i.slot;
  assign word_o          = OrderWordW'(ImageOffsetWord);
  assign awaiting_o      = awaited != '0;
  assign count_request_o = tx_valid_o && sent;
  assign count_retry_o   = count_request_o && repeated[send_q];

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q   <= Idle;
      send_q    <= '0;
      last_q    <= '0;
      failed_q  <= '0;
      walking_q <= 1'b0;
      byte_q    <= '0;
    end else begin
      state_q   <= state_d;
      send_q    <= send_d;
      walking_q <= walking_d;
      if (take || next) last_q <= pick;
      if (fail_o && !stop_i) failed_q <= failed;
      if (tx_valid_o && tx_ready_i) byte_q <= byte_q + 1'b1;  // wraps after the last byte
    end
  end

  always_ff @(posedge clk_i) begin
    if (take) again_q <= again_i;
    if (word_ack_i) offset_q <= ram_rdata_i[31:5] + 27'({send_index, position[send_q]});
    if (word_ack_i && send_q == last_q) more_q <= !send_last;
  end

  // Of no concern here.
  logic unused;
  assign unused = ^{send_job_i, answer_job_i, ram_rdata_i[4:0], want_pair_i};

`ifndef SYNTHESIS
  AKeepsByte :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    tx_valid_o && !tx_ready_i |=> tx_valid_o && $stable(
      tx_o
  ));
  // A request is begun while fewer than allowed are under way.
  ABeginsInRoom :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    take || next |-> free[pick] && 32'($countones(
      ~free
  )) <= 32'(outstanding_m1_i) || Outstanding == 1);
  for (genvar i = 0; i < Outstanding; i++) begin : gen_rule
    for (genvar j = 0; j < i; j++) begin : gen_pair
      ADifferentChunks :
      assert property (@(posedge clk_i) disable iff (!rst_ni)
        busy[i] && busy[j] |-> {place[i], position[i]} != {place[j], position[j]} &&
                               !(pair[i] && place[j] == place[i] + 1'b1) &&
                               !(pair[j] && place[i] == place[j] + 1'b1));
      ADifferentTags :
      assert property (@(posedge clk_i) disable iff (!rst_ni)
        instance_id[i][1:0] != instance_id[j][1:0]);
    end
  end
`endif

endmodule
