// SPDX-License-Identifier: Apache-2.0
//
// pstat as a state machine: who may write what in which state, against a table that is written out here once more, the
// steps between states, and OCF Security 15.4.3 to 15.4.5 word for word.
#include "host/ocf/pstat.h"

#include "tests/check.h"

enum { DOTS = OCF_ROLE(OCF_DOTS), CMS = OCF_ROLE(OCF_CMS), AMS = OCF_ROLE(OCF_AMS), CLIENT = OCF_ROLE(OCF_CLIENT) };

static const uint8_t somebody[OCF_UUID] = {1};

static struct pstat in_state(enum ocf_state s) {
    static const uint8_t cm[OCF_STATES] = {1, 2, 0, 0, 1};
    struct pstat p = pstat_new();
    p.s = s;
    p.isop = s == OCF_RFNOP;
    p.cm = cm[s];
    memcpy(p.owner, somebody, sizeof p.owner);
    return p;
}

static struct pstat_write write_tm(uint64_t tm) {
    return (struct pstat_write){.given = OCF_PROPERTY_BIT(OCF_TM), .tm = tm};
}

static struct pstat_write write_s(uint64_t s) {
    return (struct pstat_write){.given = OCF_PROPERTY_BIT(OCF_DOS_S), .s = s};
}

/* For each state RESET RFOTM RFPRO RFNOP SRESET the roles that may write: d, c, a; '-': none. */
static void access_table(void) {
    static const struct {
        enum ocf_property property;
        const char *states[OCF_STATES];
        bool never;
    } rows[] = {
        {OCF_TM, {"-", "d", "dca", "dca", "d"}, false},    {OCF_OM, {"-", "d", "dca", "dca", "d"}, false},
        {OCF_DOS_S, {"-", "d", "dca", "dca", "d"}, false}, {OCF_ROWNERUUID, {"-", "d", "-", "-", "d"}, false},
        {OCF_DOS_P, {"-", "-", "-", "-", "-"}, true},      {OCF_ISOP, {"-", "-", "-", "-", "-"}, true},
        {OCF_CM, {"-", "-", "-", "-", "-"}, true},         {OCF_SM, {"-", "-", "-", "-", "-"}, true},
        {OCF_RT, {"-", "-", "-", "-", "-"}, true},         {OCF_IF, {"-", "-", "-", "-", "-"}, true},
        {OCF_UNKNOWN, {"-", "-", "-", "-", "-"}, true},
    };
    static const char letters[OCF_ROLES] = {'-', 'd', 'c', 'a'};
    CHECK_EQ(sizeof rows / sizeof rows[0], OCF_PROPERTIES);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (int s = 0; s < OCF_STATES; s++) {
            for (int role = 0; role < OCF_ROLES; role++) {
                struct pstat p = in_state((enum ocf_state)s);
                const struct pstat before = p;
                /* A value that is right where it may be written: the state stays. */
                struct pstat_write w = {.given = OCF_PROPERTY_BIT(rows[i].property), .s = (uint64_t)s, .om = 4};
                memset(w.owner, 7, sizeof w.owner);
                const bool may = role != OCF_CLIENT && strchr(rows[i].states[s], letters[role]) != NULL;
                const enum ocf_code want = rows[i].never ? OCF_BAD_REQUEST : may ? OCF_CHANGED : OCF_FORBIDDEN;
                const enum ocf_code got = pstat_post(&p, OCF_ROLE(role), &w);
                if (!CHECK_EQ(got, want)) printf("# row %zu, state %d, role %d\n", i, s, role);
                if (!may) CHECK_MEM(&p, &before, sizeof p);
            }
        }
    }
}

static void steps(void) {
    /* '-': none, d: the owner's service, x: any of the three services. */
    static const char *const rows[OCF_STATES] = {"-----", "ddd--", "d-xxd", "d-xxd", "d-d-d"};
    for (int from = OCF_RFOTM; from < OCF_STATES; from++) {
        for (int to = 0; to < OCF_STATES; to++) {
            for (int role = 0; role < OCF_ROLES; role++) {
                struct pstat p = in_state((enum ocf_state)from);
                const struct pstat_write w = write_s((uint64_t)to);
                const char who = rows[from][to];
                const bool service =
                    role == OCF_DOTS || ((from == OCF_RFPRO || from == OCF_RFNOP) && role != OCF_CLIENT);
                const enum ocf_code want = !service     ? OCF_FORBIDDEN /* dos.s is not the client's at all */
                                           : who == '-' ? OCF_BAD_REQUEST
                                           : who == 'd' && role != OCF_DOTS ? OCF_FORBIDDEN
                                                                            : OCF_CHANGED;
                if (!CHECK_EQ(pstat_post(&p, OCF_ROLE(role), &w), want))
                    printf("# %d to %d, role %d\n", from, to, role);
                if (want != OCF_CHANGED) continue;
                const struct pstat there = to == OCF_RESET ? pstat_new() : in_state((enum ocf_state)to);
                CHECK_EQ(p.s, there.s);
                CHECK_EQ(p.isop, there.isop);
                CHECK_EQ(p.cm, there.cm);
                CHECK_EQ(p.tm, 0);
                CHECK(pstat_valid(&p));
                CHECK_MEM(p.owner, there.owner, OCF_UUID);
            }
        }
    }
}

static void values(void) {
    static const struct {
        const char *what;
        struct pstat_write write;
        enum ocf_code want;
    } rows[] = {
        {"reserved bit of tm", {.given = OCF_PROPERTY_BIT(OCF_TM), .tm = 256}, OCF_BAD_REQUEST},
        {"the highest tm there is", {.given = OCF_PROPERTY_BIT(OCF_TM), .tm = UINT64_MAX}, OCF_BAD_REQUEST},
        {"all that is no software mode", {.given = OCF_PROPERTY_BIT(OCF_TM), .tm = 63}, OCF_CHANGED},
        {"om that sm has not", {.given = OCF_PROPERTY_BIT(OCF_OM), .om = 1}, OCF_BAD_REQUEST},
        {"no om", {.given = OCF_PROPERTY_BIT(OCF_OM), .om = 0}, OCF_BAD_REQUEST},
        {"a state that is none", {.given = OCF_PROPERTY_BIT(OCF_DOS_S), .s = 5}, OCF_BAD_REQUEST},
        {"a state of 2^32", {.given = OCF_PROPERTY_BIT(OCF_DOS_S), .s = UINT64_C(1) << 32}, OCF_BAD_REQUEST},
        {"reset and more", {.given = OCF_PROPERTY_BIT(OCF_DOS_S) | OCF_PROPERTY_BIT(OCF_OM), .om = 4}, OCF_BAD_REQUEST},
        {"nothing", {.given = 0}, OCF_CHANGED},
        {"cm beside a good tm",
         {.given = OCF_PROPERTY_BIT(OCF_TM) | OCF_PROPERTY_BIT(OCF_CM), .tm = 64},
         OCF_BAD_REQUEST},
        {"both modes", {.given = OCF_PROPERTY_BIT(OCF_TM), .tm = 192}, OCF_CONFLICT},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pstat p = in_state(OCF_RFNOP);
        const struct pstat before = p;
        if (!CHECK_EQ(pstat_post(&p, DOTS, &rows[i].write), rows[i].want)) printf("# %s\n", rows[i].what);
        if (rows[i].want != OCF_CHANGED) CHECK_MEM(&p, &before, sizeof p);
    }
}

static void onboarding(void) {
    struct pstat p = pstat_new();
    struct pstat_write w = write_s(OCF_RFPRO);
    CHECK(p.s == OCF_RFOTM && p.cm == 2 && p.tm == 0 && !p.isop && pstat_valid(&p));
    CHECK_EQ(pstat_post(&p, DOTS, &w), OCF_BAD_REQUEST); /* nobody owns it */
    w.given |= OCF_PROPERTY_BIT(OCF_ROWNERUUID);
    memcpy(w.owner, somebody, sizeof w.owner);
    CHECK_EQ(pstat_post(&p, DOTS, &w), OCF_CHANGED);
    CHECK(p.s == OCF_RFPRO && p.cm == 0 && !p.isop && pstat_valid(&p));
    CHECK_MEM(p.owner, somebody, sizeof p.owner);
}

static void validation(bool available) {
    struct pstat p = in_state(OCF_RFNOP);
    struct pstat_write w = write_tm(OCF_MODE_VALIDATE);
    p.cm = OCF_MODE_VALIDATE | OCF_MODE_UPDATE; /* what came before */
    CHECK_EQ(pstat_post(&p, DOTS, &w), OCF_CHANGED);
    CHECK_EQ(p.tm, OCF_MODE_VALIDATE);
    CHECK_EQ(p.cm, OCF_MODE_UPDATE); /* "sets the cm Initiate Software Version Validation bit to 0" */
    CHECK(pstat_busy(&p) && pstat_valid(&p));
    w = write_tm(0); /* "it has no effect on the validation process" */
    CHECK_EQ(pstat_post(&p, DOTS, &w), OCF_CHANGED);
    CHECK_EQ(p.tm, OCF_MODE_VALIDATE);
    pstat_end(&p, OCF_MODE_VALIDATE, available);
    CHECK_EQ(p.tm, 0);
    CHECK_EQ(p.cm, OCF_MODE_UPDATE | (available ? OCF_MODE_VALIDATE : 0));
}

static void update(bool updated) {
    struct pstat p = in_state(OCF_RFNOP);
    struct pstat_write w = write_tm(OCF_MODE_UPDATE);
    p.cm = OCF_MODE_VALIDATE;
    CHECK_EQ(pstat_post(&p, AMS, &w), OCF_CHANGED);
    CHECK_EQ(p.tm, OCF_MODE_UPDATE);
    CHECK_EQ(p.cm, 0); /* "sets the cm Initiate Software Version Validation bit to 0" */
    w = write_tm(0);
    CHECK_EQ(pstat_post(&p, AMS, &w), OCF_CHANGED);
    CHECK_EQ(p.tm, OCF_MODE_UPDATE);
    pstat_activation(&p, true);
    CHECK(p.p && !p.isop && p.s == OCF_RFNOP && pstat_valid(&p));
    pstat_activation(&p, false);
    CHECK(!p.p && p.isop);
    pstat_end(&p, OCF_MODE_UPDATE, updated);
    CHECK_EQ(p.tm, 0);
    CHECK_EQ(p.cm, updated ? OCF_MODE_UPDATE : 0);
}

static void conflicts(void) {
    static const struct {
        uint8_t under_way, asked, tm_after;
        enum ocf_code want;
    } rows[] = {
        {OCF_MODE_VALIDATE, OCF_MODE_UPDATE, 64, OCF_CONFLICT},
        {OCF_MODE_VALIDATE, OCF_MODE_UPDATE | OCF_MODE_VALIDATE, 64, OCF_CONFLICT},
        {OCF_MODE_VALIDATE, OCF_MODE_VALIDATE, 64, OCF_CHANGED}, /* it is on its way */
        {OCF_MODE_VALIDATE, 8, 72, OCF_CHANGED},
        {OCF_MODE_UPDATE, OCF_MODE_VALIDATE, 128, OCF_CONFLICT},
        {OCF_MODE_UPDATE, OCF_MODE_UPDATE, 128, OCF_CHANGED},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pstat p = in_state(OCF_RFPRO);
        const struct pstat_write w = write_tm(rows[i].asked);
        pstat_begin(&p, rows[i].under_way);
        if (!CHECK_EQ(pstat_post(&p, CMS, &w), rows[i].want)) printf("# row %zu\n", i);
        CHECK_EQ(p.tm, rows[i].tm_after);
    }
    for (int to = 0; to < OCF_STATES; to++) {
        struct pstat p = in_state(OCF_RFPRO);
        const struct pstat_write w = write_s((uint64_t)to);
        pstat_begin(&p, OCF_MODE_UPDATE);
        CHECK_EQ(pstat_post(&p, DOTS, &w), to == OCF_RFPRO   ? OCF_CHANGED
                                           : to == OCF_RFOTM ? OCF_BAD_REQUEST
                                                             : OCF_CONFLICT);
        CHECK_EQ(p.s, OCF_RFPRO);
    }
}

static void across_states(void) {
    struct pstat p = in_state(OCF_RFNOP);
    struct pstat_write w = write_s(OCF_RFPRO);
    p.cm = OCF_MODE_VALIDATE | OCF_MODE_UPDATE;
    p.tm = 8;
    CHECK_EQ(pstat_post(&p, CMS, &w), OCF_CHANGED);
    CHECK_EQ(p.cm, OCF_MODE_VALIDATE | OCF_MODE_UPDATE);
    CHECK_EQ(p.tm, 0);
    w = write_s(OCF_RESET);
    CHECK_EQ(pstat_post(&p, DOTS, &w), OCF_CHANGED);
    CHECK(p.s == OCF_RFOTM && p.cm == 2 && p.tm == 0 && p.owner[0] == 0);
}

static void update_in_rfpro(void) {
    struct pstat p = in_state(OCF_RFPRO);
    pstat_begin(&p, OCF_MODE_UPDATE);
    pstat_activation(&p, true);
    CHECK(p.p && !p.isop);
    pstat_activation(&p, false);
    CHECK(!p.p && !p.isop); /* it did not operate before */
}

int main(void) {
    TEST("given each property, state and role / when it is written / then the table's answer, and nothing else changes")
    access_table();
    TEST("given each pair of states and each role / when dos.s is written / then only OCF's steps are taken") steps();
    TEST("given values that are none / when they are written / then 4.00 or 4.09 and nothing changes") values();
    TEST("given a device that nobody owns / when it is onboarded / then an owner comes before RFPRO") onboarding();
    TEST("given 15.4.3 / when tm 64 is set and an update is found / then cm 64 falls, rises with the end, tm 64 falls")
    validation(true);
    TEST("given 15.4.3 / when tm 64 is set and none is found / then cm 64 falls and stays so") validation(false);
    TEST("given 15.4.4 / when tm 128 is set and the update is made / then cm 64 falls, cm 128 rises, tm 128 falls")
    update(true);
    TEST("given 15.4.4 / when tm 128 is set and no update is made / then cm 128 is 0") update(false);
    TEST("given a process under way / when another or a state is asked for / then 4.09") conflicts();
    TEST("given results of 15.4 / when the state changes / then they stay, but for a reset") across_states();
    TEST("given RFPRO / when an activation is over / then the device still does not operate") update_in_rfpro();
    return check_result();
}
