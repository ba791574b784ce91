import chartkeeper as ck
import pyarrow as pa

keeper = ck.Chartkeeper()
visits = pa.table(
    {
        "note": ["Seen by Dr. Amara Okafor on 03/14/2024, BP 128/76.", None, "No complaints."],
        "code": ["E11.9", "S52.501", None],
    }
)
notes = keeper.deidentify_texts(visits["note"])
verdicts = keeper.validate_codes("icd10cm", visits["code"], on="2024-03-14")
print(pa.array(notes).to_pylist())
print(pa.array(verdicts).field("reason").to_pylist())
print([(span.label, span.start, span.end) for span in keeper.find_identifiers_in(visits["note"])[0]])
