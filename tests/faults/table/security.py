"""S01-S20: what is meant to do harm, and what must not get out."""

from __future__ import annotations

from tests.faults.table.case import ELSEWHERE, OPEN, SCHOOLS, case
from tests.faults.table.change import schools, settings

ELSEWHERE |= {
    "S01": ("tests/browser/test_injection.py::test_every_text_is_shown_as_typed_and_never_runs",),
    "S02": ("tests/browser/test_injection.py::test_texts_that_come_in_by_the_edition_are_only_text",),
    "S03": ("tests/browser/test_injection.py::test_every_text_is_shown_as_typed_and_never_runs",),
    "S04": ("tests/browser/test_injection.py::test_policy_stops_a_script_put_into_the_finished_page",),
    "S05": ("tests/unit/publish/test_outputs.py::test_what_somebody_typed_never_becomes_a_formula_a_link_or_a_number",),
    "S06": (
        "tests/unit/intake/test_workbook_facts.py::test_a_far_cell_is_refused_however_it_is_written",
        "tests/unit/intake/test_workbook_facts.py::test_a_bomb_is_refused_by_its_ratio",
    ),
    "S07": ("tests/contract/test_formats.py::test_an_archive_holds_one_table_and_leads_nowhere_else",),
    "S08": ("tests/unit/model/test_city.py::test_paths_out_of_the_project_are_refused",),
    "S09": (
        "tests/faults/test_threats.py::test_an_entity_of_a_kml_file_opens_nothing_and_grows_to_nothing",
        "tests/faults/test_threats.py::test_an_entity_of_a_workbook_opens_nothing_and_grows_to_nothing",
    ),
    "S10": (
        "tests/unit/intake/test_geofile.py::test_a_virtual_source_never_opens_another_file",
        "tests/unit/intake/test_geofile.py::test_gdal_itself_has_no_driver_that_opens_other_files_or_addresses",
    ),
    "S11": ("tests/faults/test_reader.py::test_a_reader_that_breaks_off_is_a_fault_of_that_file_alone",),
    "S12": ("tests/faults/test_threats.py::test_nothing_that_is_kept_can_run",),
    "S13": ("tests/faults/test_threats.py::test_a_statement_in_a_name_is_a_name",),
    "S14": (
        "tests/e2e/test_canaries.py::test_no_canary_of_any_layer_or_format_is_in_the_public_edition",
        "tests/unit/publish/test_gate.py::test_a_mobile_is_found_in_every_corner_of_a_file",
        "tests/unit/publish/test_disclosure.py::test_every_hidden_small_count_could_be_any_of_ten_numbers",
    ),
    "S15": (
        "tests/unit/publish/test_outputs.py::test_workbook_names_no_person_and_its_time_is_the_given_one",
        "tests/e2e/test_canaries.py::test_nor_in_the_package_that_is_handed_out",
    ),
    "S16": (
        "tests/unit/publish/test_gate.py::test_a_key_of_the_environment_is_in_no_file",
        "tests/unit/publish/test_gate.py::test_keys_are_known_by_their_shape",
    ),
    "S17": (
        "tests/unit/publish/test_demands.py::test_everything_that_is_missing_is_told_at_once_with_its_line",
        "tests/unit/publish/test_demands.py::test_coordinates_lie_on_the_grid_that_was_asked_for_in_every_table",
    ),
    "S18": ("tests/browser/test_script.py::test_lock_file_names_no_registry_and_every_library_with_its_hash",),
    "S19": (
        "tests/e2e/test_serve.py::test_only_this_computer_is_listened_to",
        "tests/e2e/test_serve.py::test_a_foreign_name_that_leads_here_gets_nothing",
    ),
    "S20": ("tests/unit/intake/test_workbook_facts.py::test_a_cell_of_a_megabyte_is_judged_in_a_moment",),
}
OPEN |= {
    "S18": "in part: locks and vendored hashes; audits of advisories run outside the tests",
}


@case("S14", "an identity number in a note", "E503", SCHOOLS, "备注", exits=5)
def _(project):
    number = "11010519491231002X"  # the standard's own example

    def noted(rows):
        rows[0].append("备注")
        for row in rows[1:]:
            row.append("")
        rows[3][-1] = f"经办 {number}"

    schools(project, noted)


@case("S14", "a layer of children in need in a public edition", "E516", "layers.childcare", "internal = true", exits=5)
def _(project):
    (project / "data/2024/childcare.csv").rename(project / "data/2024/困境儿童名单.csv")
    settings(project, "data/{year}/childcare.csv", "data/{year}/困境儿童名单.csv")


@case("S16", "a map service's key in the settings", "E514", "cfmap.toml", exits=5)
def _(project):
    settings(project, 'attribution = "演示数据"', 'attribution = "演示数据 https://map.example/?tk=0123456789abcdef0123456789abcdef"')


@case("S17", "a real city that says nothing of its review, contact and outlines", "E515", "boundary.source", exits=5)
def _(project):
    settings(project, "demo = true", "demo = false")
