// SPDX-License-Identifier: Apache-2.0
//
// What the engine did, for those who measure: five counters that start at zero and wrap. A build
// with `Enable` = 0 has none and reads as zero.
module stream_counters #(
    parameter bit Enable = 1'b1
) (
    input  logic        clk_i,
    input  logic        rst_ni,
    input  logic        request_i,     // one more, each cycle
    input  logic        retry_i,
    input  logic        accepted_i,    // units_i of 32 bytes
    input  logic [ 8:0] units_i,
    input  logic        link_idle_i,
    input  logic        flash_idle_i,
    output logic [31:0] requests_o,
    output logic [31:0] retries_o,
    output logic [31:0] bytes_o,
    output logic [31:0] link_idle_o,
    output logic [31:0] flash_idle_o
);

  if (Enable) begin : gen_counters
    logic [31:5] units_q;
    assign bytes_o = {units_q, 5'b0};
    always_ff @(posedge clk_i or negedge rst_ni) begin
      if (!rst_ni) begin
        requests_o   <= '0;
        retries_o    <= '0;
        units_q      <= '0;
        link_idle_o  <= '0;
        flash_idle_o <= '0;
      end else begin
        if (request_i) requests_o <= requests_o + 1'b1;
        if (retry_i) retries_o <= retries_o + 1'b1;
        if (accepted_i) units_q <= units_q + 27'(units_i);
        if (link_idle_i) link_idle_o <= link_idle_o + 1'b1;
        if (flash_idle_i) flash_idle_o <= flash_idle_o + 1'b1;
      end
    end
  end else begin : gen_none
    logic unused;
    assign unused = ^{
      clk_i, rst_ni, request_i, retry_i, accepted_i, units_i, link_idle_i, flash_idle_i
    };
    assign requests_o = '0;
    assign retries_o = '0;
    assign bytes_o = '0;
    assign link_idle_o = '0;
    assign flash_idle_o = '0;
  end

endmodule
