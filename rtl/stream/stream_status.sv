// SPDX-License-Identifier: Apache-2.0
//
// Book-keeping of the engine: which orders are under way and done, which block was finished last,
// and the way to a stop. The first of all causes to stop counts. `stop_o` tells everybody to begin
// nothing more; when all are idle, `stopped_o` rises and stays until `clear_i`.
module stream_status
  import sluice_pkg::*;
  import sluice_regs_pkg::*;
  import stream_pkg::*;
(
    input logic clk_i,
    input logic rst_ni,

    // ORDER_CTRL, pulses
    input  logic push_i,
    input  logic ack_i,
    input  logic abort_i,
    input  logic clear_i,
    output logic push_o,   // accepted
    output logic clear_o,  // accepted

    // causes, pulses
    input logic         orders_bad_i,
    input logic         request_fail_i,
    input stop_reason_t request_reason_i,
    input logic         check_fail_i,
    input logic         flash_fail_i,
    input stop_reason_t flash_reason_i,

    output logic stop_o,
    input logic idle_i,  // all are idle
    input logic order_done_i,  // pulse
    input logic freed_i,  // pulse, with the job
    input job_t job_i,  // the job at the freed end; the one at fault two cycles after look_o
    output fault_e look_o,

    // ORDER_STATUS
    output logic         [1:0] done_o,
    output logic               stopped_o,
    output logic               busy_o,
    output stop_reason_t       reason_o,
    output logic         [6:0] block_o,
    output logic               slot_o
);

  logic [1:0] done_q, done_d;
  logic [1:0] running_q, running_d;
  logic stop_q, stop_d;
  logic stopped_q;
  stop_reason_t reason_q, reason_d;
  fault_e fault_q, fault_d;
  logic looked_q;  // job_i is the one at fault
  logic too_many;

  assign too_many = push_i && running_q == 2;
  assign push_o   = push_i && !too_many && !stop_q;
  assign clear_o  = clear_i && stopped_q;

  always_comb begin
    stop_d   = stop_q;
    reason_d = reason_q;
    fault_d  = fault_q;
    if (!stop_q) begin
      stop_d = 1'b1;
      if (abort_i) begin
        reason_d = stop_reason_e__ABORT;
      end else if (flash_fail_i) begin
        reason_d = flash_reason_i;
        fault_d  = FaultFreed;
      end else if (check_fail_i) begin
        reason_d = stop_reason_e__HASH;
        fault_d  = FaultChecked;
      end else if (request_fail_i) begin
        reason_d = request_reason_i;
        fault_d  = FaultRequest;
      end else if (orders_bad_i) begin
        reason_d = stop_reason_e__BAD_ORDER;
        fault_d  = FaultBegun;
      end else if (too_many) begin
        reason_d = stop_reason_e__BAD_ORDER;
      end else begin
        stop_d = 1'b0;
      end
    end
    if (clear_o) begin
      stop_d   = 1'b0;
      reason_d = stop_reason_e__NONE;
      fault_d  = FaultNone;
    end
  end

  always_comb begin
    done_d    = done_q + 2'(order_done_i) - 2'(ack_i && done_q != 0);
    running_d = running_q + 2'(push_o) - 2'(order_done_i);
    if (clear_o) begin
      done_d    = '0;
      running_d = '0;
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      done_q    <= '0;
      running_q <= '0;
      stop_q    <= 1'b0;
      stopped_q <= 1'b0;
      looked_q  <= 1'b0;
      reason_q  <= stop_reason_e__NONE;
      fault_q   <= FaultNone;
    end else begin
      done_q    <= done_d;
      running_q <= running_d;
      stop_q    <= stop_d;
      looked_q  <= stop_q && idle_i && !clear_o;
      stopped_q <= looked_q && !clear_o;
      reason_q  <= reason_d;
      fault_q   <= fault_d;
    end
  end

  // `job_i` shows the job at fault while everybody is idle.
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      block_o <= '0;
      slot_o  <= 1'b0;
    end else if ((freed_i && !job_i.finish) || (looked_q && fault_q != FaultNone)) begin
      block_o <= job_i.index;
      slot_o  <= job_i.slot;
    end
  end

  assign stop_o    = stop_q;
  assign look_o    = stop_q && idle_i ? fault_q : FaultNone;
  assign done_o    = done_q;
  assign stopped_o = stopped_q;
  assign busy_o    = running_q != 0 && !stopped_q;
  assign reason_o  = reason_q;


  // Of no concern here.
  logic unused;
  assign unused = ^job_i;

endmodule
