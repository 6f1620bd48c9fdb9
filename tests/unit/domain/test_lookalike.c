#include "domain/lookalike.h"
#include "tests/support/check.h"

static void alike(const char *a, const char *b)
{
    if (!lookalike_names(a, b) || !lookalike_names(b, a))
        CHECK_STR(a, b);
}

static void different(const char *a, const char *b)
{
    if (lookalike_names(a, b) || lookalike_names(b, a))
        CHECK_STR(a, "(something else)");
}

static void case_accents_blanks_and_signs_are_overlooked(void)
{
    alike("Dr Rivera", "dr  rivera");
    alike("Dr. Rivera", "DR RIVERA");
    alike("Dr-Rivera", "Dr_Rivera!");
    alike("Dr Rivera \xe2\x9c\x93", "Dr Rivera"); /* ✓ */
    alike("José", "Jose\xcc\x81");
    alike("Łukasz Øst", "Lukasz Ost");
    alike("ΝΙΚΟΣ", "Νίκος");
    alike("Strauß", "STRAUSS");
    alike("أحمد", "احمد");
    alike("نـــور", "نُور");
}

static void letters_of_other_alphabets_and_styles_equal_those_they_look_like(void)
{
    alike("Dr Rivera", "Dr R\xd1\x96v\xd0\xb5r\xd0\xb0"); /* Cyrillic і е а */
    alike("Dr Rivera", "DR RІVЕRА");                      /* Cyrillic І Е А */
    alike("Hana", "НАΝА");                                /* Cyrillic Н А, Greek Ν */
    alike("Hana", "нana");                                /* Cyrillic н, a small H */
    alike("Dr Rivera", "Ｄｒ Ｒｉｖｅｒａ");
    alike("Dr Rivera", "𝐃𝐫 𝑹𝒊𝒗𝒆𝒓𝒂");
    alike("Dr Rivera", "ᴅʀ ʀɪᴠᴇʀᴀ");
    alike("Dr Rivera", "Ⓓⓡ Ⓡⓘⓥⓔⓡⓐ");
    alike("Dr Rivera", "ꓓr ꓣivera"); /* Lisu */
    alike("Sofia", "Տofia");         /* Armenian */
    alike("Amir", "Arnir");
}

static void digits_and_signs_in_place_of_letters_are_read_as_letters(void)
{
    alike("Dr Rivera", "Dr R1vera");
    alike("Dr Rivera", "Dr Rlvera");
    alike("Dr Rivera", "Dr R|vera");
    alike("Dr Rivera", "Dr R!v3r@");
    alike("Dr Sobol", "Dr 50b0l");
    alike("Dr Smith", "Dr $mith");
    alike("Ivan", "lvan");
    alike("Ali", "A١i"); /* an Arabic one */
}

static void case_is_overlooked_in_every_alphabet(void)
{
    alike("ЗОЯ МАМЕДОВА", "Зоя Мамедова");
    alike("Բարեւ", "ԲԱՐԵՒ");
}

static void names_that_differ_for_a_reader_are_different(void)
{
    different("Ana", "Anna");
    different("Dr Rivera", "Dr Riveras");
    different("Dr Rivera", "Dr Reyes");
    different("Dr Rivera", "Rivera");
    different("Ben", "Dan");
    different("Maria", "Mario");
    different("Oliver", "Olivia");
    different("نور", "نورا");
    different("राम", "रीमा");
    different("สมชาย", "สมชัย");
    different("山田", "山本");
    different("👩", "👨");
    different("", "Ana");
}

static void the_table_is_sorted_and_complete(void)
{
    CHECK(LOOKALIKE_COUNT > 3000);
    for (int i = 1; i < LOOKALIKE_COUNT; i++)
        CHECK(LOOKALIKES[i - 1].point < LOOKALIKES[i].point);
}

static const struct check_test TESTS[] = {
    TEST(case_accents_blanks_and_signs_are_overlooked),
    TEST(letters_of_other_alphabets_and_styles_equal_those_they_look_like),
    TEST(digits_and_signs_in_place_of_letters_are_read_as_letters),
    TEST(case_is_overlooked_in_every_alphabet),
    TEST(names_that_differ_for_a_reader_are_different),
    TEST(the_table_is_sorted_and_complete),
    { 0 },
};
CHECK_MAIN(TESTS)
