// SPDX-License-Identifier: Apache-2.0
//
// The stream offload engine: executes the orders that the processor queued (rtl/regs/sluice.rdl)
// without it. Blocks of 4 KiB come from the link, the flash or the stream RAM, are checked against
// their SHA-256, and go to the flash.
//
//   stream_orders -> stream_link: stream_requester -> (link) -> stream_matcher -> RAM block
//        |      `--> stream_flash (read) -------------------------------------------> RAM block
//        `-> stream_jobs -> stream_checker -> stream_jobs -> stream_flash (erase, program, verify)
//
// A block's buffer is reserved before it is asked for and freed when the last of them is done with
// it. Everything before the flash runs ahead as far as the buffers reach, into the next order too.
// RAM blocks FirstBuffer .. FirstBuffer+Buffers-1 are the ring of buffers; block 0 has the orders.
module stream_engine
  import sluice_pkg::*;
  import stream_pkg::*;
#(
    parameter int unsigned Buffers     = 8,     // 2, 4, 8 or 16
    parameter int unsigned FirstBuffer = 4,
    parameter int unsigned Outstanding = 4,     // RequestFirmwareData at once, 1 or 4
    parameter bit          Counters    = 1'b1,
    parameter bit          Chain       = 1'b1   // chain orders
) (
    input logic clk_i,
    input logic rst_ni,
    input logic tick_ms_i, // pulse each millisecond

    // ORDER_CTRL (pulses) and ORDER_STATUS
    input  logic               order_push_i,
    input  logic               order_slot_i,
    input  logic               order_ack_i,
    input  logic               order_abort_i,
    input  logic               order_clear_i,
    output logic         [1:0] order_done_o,
    output logic               order_stopped_o,
    output logic               order_busy_o,
    output stop_reason_t       order_reason_o,
    output logic         [7:0] order_code_o,
    output logic         [6:0] order_block_o,
    output logic               order_slot_o,

    // REQUEST, REQUEST_DELAY, MCTP_EID
    input logic [ 7:0] own_eid_i,
    input logic [ 7:0] request_peer_i,
    input logic [ 3:0] request_chunk_log2_i,
    input logic [ 1:0] request_outstanding_m1_i,
    input logic [ 3:0] request_retries_i,
    input logic [15:0] request_timeout_ms_i,
    input logic [15:0] request_retry_ms_i,

    // FLASH_CONFIG, FLASH_ERASE, FLASH_TIMEOUT
    input logic [ 7:0] flash_read_opcode_i,
    input logic [ 3:0] flash_read_dummy_i,
    input logic        flash_address4_i,
    input logic        flash_read_quad_i,
    input logic        flash_program_quad_i,
    input logic        flash_quad_addr_i,
    input logic [ 7:0] flash_program_opcode_i,
    input logic [ 7:0] flash_erase4_opcode_i,
    input logic [ 7:0] flash_erase32_opcode_i,
    input logic [ 7:0] flash_erase64_opcode_i,
    input logic [15:0] flash_timeout_ms_i,

    // COUNT_*
    output logic [31:0] count_requests_o,
    output logic [31:0] count_retries_o,
    output logic [31:0] count_bytes_o,
    output logic [31:0] count_link_idle_o,
    output logic [31:0] count_flash_idle_o,

    // stream RAM
    output ram_req_t [StreamRamClients-1:0] ram_req_o,
    input  logic     [StreamRamClients-1:0] ram_gnt_i,
    input  logic     [                31:0] ram_rdata_i,

    // answers from the router, requests to the transmit arbiter
    input  pkt_byte_t       rx_i,
    input  logic      [1:0] rx_tag_i,
    input  logic            rx_valid_i,
    output logic            rx_ready_o,
    output pkt_byte_t       tx_o,
    output logic            tx_valid_o,
    input  logic            tx_ready_i,

    // SPI NOR controller, through flash_port
    output spi_cmd_t        flash_cmd_o,
    output logic            flash_cmd_valid_o,
    input  logic            flash_cmd_ready_i,
    output logic     [31:0] flash_wdata_o,
    output logic            flash_wdata_valid_o,
    input  logic            flash_wdata_ready_i,
    input  logic            flash_wdata_soon_i,
    input  logic     [31:0] flash_rdata_i,
    input  logic            flash_rdata_valid_i,
    output logic            flash_rdata_ready_o,
    output logic            flash_poll_stop_o,
    input  logic            flash_done_i,
    output logic            flash_lock_o
);

  localparam int unsigned PlaceW = $clog2(Buffers);
  localparam bit Wide = wide_requests(Outstanding, Buffers);

  // ---- status --------------------------------------------------------------------------------------------------
  logic push, clear, stop;
  logic orders_idle, link_idle, checker_idle, flash_idle;
  logic orders_bad, request_fail, check_fail, flash_fail;
  stop_reason_t request_reason, flash_reason;
  logic   order_done;
  logic   freed;
  fault_e status_look;
  job_t   flash_job;

  stream_status u_status (
      .clk_i,
      .rst_ni,
      .push_i          (order_push_i),
      .ack_i           (order_ack_i),
      .abort_i         (order_abort_i),
      .clear_i         (order_clear_i),
      .push_o          (push),
      .clear_o         (clear),
      .orders_bad_i    (orders_bad),
      .request_fail_i  (request_fail),
      .request_reason_i(request_reason),
      .check_fail_i    (check_fail),
      .flash_fail_i    (flash_fail),
      .flash_reason_i  (flash_reason),
      .stop_o          (stop),
      .idle_i          (orders_idle && link_idle && checker_idle && flash_idle),
      .order_done_i    (order_done),
      .freed_i         (freed),
      .job_i           (flash_job),
      .look_o          (status_look),
      .done_o          (order_done_o),
      .stopped_o       (order_stopped_o),
      .busy_o          (order_busy_o),
      .reason_o        (order_reason_o),
      .block_o         (order_block_o),
      .slot_o          (order_slot_o)
  );

  // ---- words of orders, most urgent reader first -----------------------------------------------------
  localparam int unsigned WordsRequester = 0;
  localparam int unsigned WordsFlash = 1;
  localparam int unsigned WordsOrders = 2;
  localparam int unsigned WordsChecker = 3;
  logic [3:0] word_req, word_slot, word_ack;
  logic [3:0][OrderWordW-1:0] word;

  stream_order_words #(
      .Clients(4)
  ) u_order_words (
      .clk_i,
      .rst_ni,
      .req_i    (word_req),
      .slot_i   (word_slot),
      .word_i   (word),
      .ack_o    (word_ack),
      .ram_o    (ram_req_o[RamOrders]),
      .ram_gnt_i(ram_gnt_i[RamOrders])
  );

  // ---- orders and jobs ---------------------------------------------------------------------------------------------
  logic room, room_two, job_write, write_second, begun, checked;
  logic [PlaceW-1:0] place, made_place, checked_place, send_place, answer_place, fail_place;
  logic made_fetching;
  job_t job, send_job, answer_job, check_job;
  logic check_valid, flash_valid;
  logic link_want, link_pair, link_done, link_waiting;
  logic read_want, read_done, flash_look_begun;
  fault_e look;

  assign look = flash_look_begun ? FaultBegun : status_look;

  stream_orders #(
      .FirstBuffer(FirstBuffer),
      .PlaceW     (PlaceW),
      .Chain      (Chain),
      .Wide       (Wide)
  ) u_orders (
      .clk_i,
      .rst_ni,
      .push_i        (push),
      .slot_i        (order_slot_i),
      .wide_i        (request_chunk_log2_i == 4'd13),
      .stop_i        (stop),
      .idle_o        (orders_idle),
      .bad_o         (orders_bad),
      .word_req_o    (word_req[WordsOrders]),
      .word_slot_o   (word_slot[WordsOrders]),
      .word_o        (word[WordsOrders]),
      .word_ack_i    (word_ack[WordsOrders]),
      .ram_rdata_i,
      .room_i        (room),
      .room_two_i    (room_two),
      .place_i       (place),
      .job_o         (job),
      .job_write_o   (job_write),
      .second_o      (write_second),
      .begun_o       (begun),
      .link_want_o   (link_want),
      .pair_o        (link_pair),
      .link_done_i   (link_done),
      .flash_want_o  (read_want),
      .flash_done_i  (read_done),
      .link_waiting_o(link_waiting)
  );

  stream_jobs #(
      .Buffers    (Buffers),
      .Outstanding(Outstanding)
  ) u_jobs (
      .clk_i,
      .rst_ni,
      .clear_i        (clear),
      .job_i          (job),
      .write_i        (job_write),
      .second_i       (write_second),
      .room_o         (room),
      .room_two_o     (room_two),
      .place_o        (place),
      .begun_i        (begun),
      .begun_two_i    (link_pair),
      .checked_i      (checked),
      .freed_i        (freed),
      .made_place_o   (made_place),
      .made_fetching_i(made_fetching),
      .checked_place_o(checked_place),
      .send_place_i   (send_place),
      .send_job_o     (send_job),
      .answer_place_i (answer_place),
      .answer_job_o   (answer_job),
      .check_valid_o  (check_valid),
      .check_job_o    (check_job),
      .flash_valid_o  (flash_valid),
      .flash_job_o    (flash_job),
      .flash_look_i   (look),
      .request_place_i(fail_place)
  );

  // ---- link ----------------------------------------------------------------------------------------------------
  logic again, again_done;
  logic awaiting, accepted, count_request, count_retry;
  logic [8:0] accepted_units;

  stream_link #(
      .Outstanding(Outstanding),
      .PlaceW     (PlaceW)
  ) u_link (
      .clk_i,
      .rst_ni,
      .peer_i          (request_peer_i),
      .own_eid_i,
      .chunk_log2_i    (request_chunk_log2_i),
      .outstanding_m1_i(request_outstanding_m1_i),
      .retries_i       (request_retries_i),
      .timeout_ms_i    (request_timeout_ms_i),
      .delay_ms_i      (request_retry_ms_i),
      .tick_ms_i,
      .want_i          (link_want),
      .want_place_i    (place),
      .want_pair_i     (link_pair),
      .done_o          (link_done),
      .again_i         (again),
      .again_place_i   (checked_place),
      .again_done_o    (again_done),
      .send_place_o    (send_place),
      .send_job_i      (send_job),
      .answer_place_o  (answer_place),
      .answer_job_i    (answer_job),
      .made_place_i    (made_place),
      .made_fetching_o (made_fetching),
      .stop_i          (stop),
      .idle_o          (link_idle),
      .fail_o          (request_fail),
      .reason_o        (request_reason),
      .fail_place_o    (fail_place),
      .code_o          (order_code_o),
      .word_req_o      (word_req[WordsRequester]),
      .word_slot_o     (word_slot[WordsRequester]),
      .word_o          (word[WordsRequester]),
      .word_ack_i      (word_ack[WordsRequester]),
      .ram_rdata_i,
      .ram_o           (ram_req_o[RamMatcher]),
      .ram_gnt_i       (ram_gnt_i[RamMatcher]),
      .rx_i,
      .rx_tag_i,
      .rx_valid_i,
      .rx_ready_o,
      .tx_o,
      .tx_valid_o,
      .tx_ready_i,
      .awaiting_o      (awaiting),
      .accepted_o      (accepted),
      .units_o         (accepted_units),
      .count_request_o (count_request),
      .count_retry_o   (count_retry)
  );

  // ---- check and flash ---------------------------------------------------------------------------------------------
  logic flash_waiting;

  stream_checker #(
      .Chain(Chain)
  ) u_checker (
      .clk_i,
      .rst_ni,
      .job_valid_i (check_valid),
      .job_i       (check_job),
      .checked_o   (checked),
      .again_o     (again),
      .again_done_i(again_done),
      .stop_i      (stop),
      .idle_o      (checker_idle),
      .fail_o      (check_fail),
      .word_req_o  (word_req[WordsChecker]),
      .word_slot_o (word_slot[WordsChecker]),
      .word_o      (word[WordsChecker]),
      .word_ack_i  (word_ack[WordsChecker]),
      .ram_o       (ram_req_o[RamChecker]),
      .ram_gnt_i   (ram_gnt_i[RamChecker]),
      .ram_rdata_i
  );

  stream_flash u_flash (
      .clk_i,
      .rst_ni,
      .read_opcode_i   (flash_read_opcode_i),
      .read_dummy_i    (flash_read_dummy_i),
      .address4_i      (flash_address4_i),
      .read_quad_i     (flash_read_quad_i),
      .program_quad_i  (flash_program_quad_i),
      .quad_addr_i     (flash_quad_addr_i),
      .program_opcode_i(flash_program_opcode_i),
      .erase4_opcode_i (flash_erase4_opcode_i),
      .erase32_opcode_i(flash_erase32_opcode_i),
      .erase64_opcode_i(flash_erase64_opcode_i),
      .timeout_ms_i    (flash_timeout_ms_i),
      .tick_ms_i,
      .job_valid_i     (flash_valid),
      .job_i           (flash_job),
      .freed_o         (freed),
      .look_begun_o    (flash_look_begun),
      .read_want_i     (read_want),
      .read_done_o     (read_done),
      .stop_i          (stop),
      .idle_o          (flash_idle),
      .fail_o          (flash_fail),
      .reason_o        (flash_reason),
      .order_done_o    (order_done),
      .waiting_o       (flash_waiting),
      .word_req_o      (word_req[WordsFlash]),
      .word_slot_o     (word_slot[WordsFlash]),
      .word_o          (word[WordsFlash]),
      .word_ack_i      (word_ack[WordsFlash]),
      .ram_o           (ram_req_o[RamFlash]),
      .ram_gnt_i       (ram_gnt_i[RamFlash]),
      .ram_rdata_i,
      .cmd_o           (flash_cmd_o),
      .cmd_valid_o     (flash_cmd_valid_o),
      .cmd_ready_i     (flash_cmd_ready_i),
      .wdata_o         (flash_wdata_o),
      .wdata_valid_o   (flash_wdata_valid_o),
      .wdata_ready_i   (flash_wdata_ready_i),
      .wdata_soon_i    (flash_wdata_soon_i),
      .rdata_i         (flash_rdata_i),
      .rdata_valid_i   (flash_rdata_valid_i),
      .rdata_ready_o   (flash_rdata_ready_o),
      .poll_stop_o     (flash_poll_stop_o),
      .done_i          (flash_done_i),
      .lock_o          (flash_lock_o)
  );

  stream_counters #(
      .Enable(Counters)
  ) u_counters (
      .clk_i,
      .rst_ni,
      .request_i   (count_request),
      .retry_i     (count_retry),
      .accepted_i  (accepted),
      .units_i     (accepted_units),
      .link_idle_i (link_waiting && !awaiting && !tx_valid_o),
      .flash_idle_i(flash_waiting),
      .requests_o  (count_requests_o),
      .retries_o   (count_retries_o),
      .bytes_o     (count_bytes_o),
      .link_idle_o (count_link_idle_o),
      .flash_idle_o(count_flash_idle_o)
  );

`ifndef SYNTHESIS
  // A checked order's block goes to the flash only if its hash matched: the checker has said so for
  // the place since the place was written.
  logic [Buffers-1:0] matched;
  logic [ PlaceW-1:0] freed_place;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      freed_place <= '0;
      matched     <= '0;
    end else begin
      if (job_write) matched[place] <= 1'b0;
      if (checked) matched[checked_place] <= u_checker.match;
      if (freed) freed_place <= freed_place + 1'b1;
      if (clear) freed_place <= '0;
    end
  end
  AWritesWhatMatched :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    flash_lock_o && flash_job.check |-> matched[freed_place]);
  // An answer is written into a block only while nobody else looks at it: it is not made yet, or the
  // checker waits for it.
  AFillsWhatIsAwaited :
  assert property (@(posedge clk_i) disable iff (!rst_ni)
    ram_req_o[RamMatcher].req |->
      (PlaceW + 1)'(PlaceW'(answer_place - made_place)) <=
          u_jobs.begun_q - u_jobs.made + (PlaceW + 1)'(link_want && link_pair) ||
      (again && answer_place == checked_place));
`endif

endmodule
