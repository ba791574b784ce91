//! What people call conditions, in the words of the titles: whole queries first, then phrases in them, then
//! abbreviations. Where the guidelines or the index have a default, the words lead to it (I.C.4.a.2: diabetes without a
//! type is type 2).

use super::{abbreviations, words};

/// The longest phrase, in words.
const LONGEST: usize = 5;

/// The query in the words of the titles, or nothing where it is in them already.
pub(super) fn rewrite(query: &str) -> Option<String> {
    let mut folded: Vec<String> = Vec::new();
    words::for_each_word(query, |word| {
        if folded.len() < words::QUERY_WORDS {
            folded.push(word.to_owned());
        }
    });
    let whole = folded.join(" ");
    if let Some((_, meaning)) = WHOLE.iter().find(|(known, _)| *known == whole) {
        return Some((*meaning).to_owned());
    }
    let mut out: Vec<&str> = Vec::new();
    let mut changed = false;
    let mut at = 0;
    while at < folded.len() {
        let rest = folded.get(at..).unwrap_or_default();
        let phrase = (1..=LONGEST.min(rest.len())).rev().find_map(|count| {
            let words = rest.get(..count)?;
            let found = PHRASES.iter().find(|(known, _)| says(known, words));
            found.map(|(_, meaning)| (count, *meaning))
        });
        let (count, meaning) = match (phrase, rest.first()) {
            (Some(found), _) => found,
            (None, Some(word)) => match abbreviations::meaning(word) {
                Some(meaning) => (1, meaning),
                None => {
                    out.push(word);
                    at += 1;
                    continue;
                }
            },
            (None, None) => break,
        };
        changed = true;
        out.push(meaning);
        at += count;
    }
    changed.then(|| out.join(" "))
}

/// Whether words say a phrase, a plural ending apart.
fn says(phrase: &str, words: &[String]) -> bool {
    let mut known = phrase.split(' ');
    let alike = |a: &str, b: &str| a == b || a.strip_suffix('s') == Some(b) || b.strip_suffix('s') == Some(a);
    words.iter().all(|word| known.next().is_some_and(|known| alike(known, word))) && known.next().is_none()
}

/// Whole queries that mean a default.
const WHOLE: &[(&str, &str)] = &[
    ("anemia", "anemia unspecified"),
    ("anxiety", "anxiety disorder unspecified"),
    ("arthritis", "unspecified osteoarthritis unspecified site"),
    ("back pain", "dorsalgia unspecified"),
    ("bipolar", "bipolar disorder unspecified"),
    ("copd", "chronic obstructive pulmonary disease unspecified"),
    ("depression", "depression unspecified"),
    ("diabetes", "type 2 diabetes mellitus without complications"),
    ("dm", "type 2 diabetes mellitus without complications"),
    ("dm2", "type 2 diabetes mellitus without complications"),
    ("heart failure", "heart failure unspecified"),
    ("chf", "heart failure unspecified"),
    ("obesity", "obesity unspecified"),
    ("pneumonia", "pneumonia unspecified organism"),
    ("rash", "rash and other nonspecific skin eruption"),
    ("sepsis", "sepsis unspecified organism"),
    ("sugar diabetes", "type 2 diabetes mellitus without complications"),
    ("t2dm", "type 2 diabetes mellitus without complications"),
    ("type 2 diabetes", "type 2 diabetes mellitus without complications"),
    ("t1dm", "type 1 diabetes mellitus without complications"),
    ("type 1 diabetes", "type 1 diabetes mellitus without complications"),
    ("type 1 diabetic", "type 1 diabetes mellitus without complications"),
    ("type 2 diabetic", "type 2 diabetes mellitus without complications"),
];

/// Phrases inside a query.
const PHRASES: &[(&str, &str)] = &[
    ("acid reflux", "gastro esophageal reflux disease without esophagitis"),
    ("addict", "dependence"),
    ("addiction", "dependence uncomplicated"),
    ("alcoholic", "alcohol dependence uncomplicated"),
    ("alcoholism", "alcohol dependence uncomplicated"),
    ("allergic to", "allergy status to"),
    ("alzheimers", "alzheimer disease unspecified"),
    ("alzheimer", "alzheimer disease"),
    ("arm", "upper limb"),
    ("annual physical", "general adult medical examination without abnormal findings"),
    ("asthma", "asthma uncomplicated unspecified"),
    ("asthma attack", "asthma with acute exacerbation unspecified"),
    ("athletes foot", "tinea pedis"),
    ("autism", "autistic disorder"),
    ("bed sore", "pressure ulcer"),
    ("bedsore", "pressure ulcer"),
    ("bedwetting", "nocturnal enuresis"),
    ("bee sting", "toxic effect of venom of bees accidental"),
    ("belly pain", "abdominal pain"),
    ("stomach pain", "abdominal pain"),
    ("bells palsy", "bell palsy"),
    ("bladder infection", "cystitis unspecified without hematuria"),
    ("bloating", "abdominal distension gaseous"),
    ("blood clot in lung", "pulmonary embolism without acute cor pulmonale"),
    ("blood clot", "embolism thrombosis"),
    ("blood in stool", "melena"),
    ("blood in urine", "hematuria"),
    ("blurry vision", "visual disturbances"),
    ("boil", "furuncle"),
    ("bowel obstruction", "intestinal obstruction"),
    ("brain bleed", "nontraumatic intracerebral hemorrhage unspecified"),
    ("breast cancer", "malignant neoplasm of breast"),
    ("breast lump", "lump in breast"),
    ("broken ankle", "fracture ankle"),
    ("broken hip", "fracture of unspecified part of neck of femur"),
    ("broken wrist", "fracture of lower end of radius"),
    ("broken", "fracture"),
    ("burning when peeing", "dysuria"),
    ("cancer", "malignant neoplasm"),
    ("chickenpox", "varicella without complication"),
    ("chicken pox", "varicella without complication"),
    ("cold sore", "herpesviral vesicular dermatitis"),
    ("collapsed lung", "pneumothorax unspecified"),
    ("colon polyp", "polyp of colon"),
    ("common cold", "acute nasopharyngitis"),
    ("constipated", "constipation unspecified"),
    ("copd flare up", "chronic obstructive pulmonary disease with acute exacerbation"),
    ("copd flare", "chronic obstructive pulmonary disease with acute exacerbation"),
    ("copd exacerbation", "chronic obstructive pulmonary disease with acute exacerbation"),
    ("coughing up blood", "hemoptysis"),
    ("crohns", "crohn disease unspecified without complications"),
    ("crohns disease", "crohn disease unspecified without complications"),
    ("cut on", "laceration without foreign body initial encounter"),
    ("dehydrated", "dehydration"),
    ("diabetic kidney disease", "diabetes mellitus with diabetic chronic kidney disease"),
    ("diabetic neuropathy", "diabetes mellitus with diabetic neuropathy unspecified"),
    ("diabetic", "diabetes mellitus with"),
    ("dizzy", "dizziness and giddiness"),
    ("dog bite", "bitten by dog initial encounter"),
    ("drunk", "alcohol use with intoxication unspecified"),
    ("dry eyes", "dry eye syndrome bilateral lacrimal glands"),
    ("dvt left leg", "acute embolism thrombosis unspecified deep veins left lower extremity"),
    ("dvt right leg", "acute embolism thrombosis unspecified deep veins right lower extremity"),
    ("ear infection", "otitis media unspecified"),
    ("earache", "otalgia"),
    ("earwax", "impacted cerumen"),
    ("eczema", "dermatitis unspecified"),
    ("enlarged prostate", "benign prostatic hyperplasia without"),
    ("fainting", "syncope and collapse"),
    ("passed out", "syncope and collapse"),
    ("fast heartbeat", "tachycardia unspecified"),
    ("fatty liver", "fatty change of liver"),
    ("flu", "influenza due to unidentified influenza virus with other respiratory manifestations"),
    ("flu shot", "encounter for immunization"),
    ("food poisoning", "bacterial foodborne intoxication unspecified"),
    ("frequent urination", "frequency of micturition"),
    ("gallbladder attack", "acute cholecystitis"),
    ("gallstones", "calculus of gallbladder without cholecystitis without obstruction"),
    ("gallstone", "calculus of gallbladder without cholecystitis without obstruction"),
    ("gestational diabetes", "gestational diabetes mellitus in pregnancy unspecified control"),
    ("gout attack", "idiopathic gout"),
    ("big toe", "ankle and foot"),
    ("had knee replacement right", "presence of right artificial knee joint"),
    ("had knee replacement left", "presence of left artificial knee joint"),
    ("had hip replacement right", "presence of right artificial hip joint"),
    ("had hip replacement left", "presence of left artificial hip joint"),
    ("hair loss", "nonscarring hair loss unspecified"),
    ("hay fever", "allergic rhinitis"),
    ("head lice", "pediculosis due to pediculus humanus capitis"),
    ("heart attack", "acute myocardial infarction unspecified"),
    ("heavy periods", "excessive and frequent menstruation with regular cycle"),
    ("heel spur", "calcaneal spur"),
    ("hiatal hernia", "diaphragmatic hernia without obstruction or gangrene"),
    ("high blood pressure", "essential primary hypertension"),
    ("hypertension", "essential primary hypertension"),
    ("high cholesterol", "pure hypercholesterolemia unspecified"),
    ("high potassium", "hyperkalemia"),
    ("history of smoking", "personal history of nicotine dependence"),
    ("hives", "urticaria"),
    ("homeless", "homelessness unspecified"),
    ("hot flashes", "menopausal and female climacteric states"),
    ("ingrown toenail", "ingrowing nail"),
    ("inguinal hernia", "unilateral inguinal hernia without obstruction or gangrene"),
    ("irregular heartbeat", "cardiac arrhythmia unspecified"),
    ("itching", "pruritus unspecified"),
    ("kidney failure", "kidney failure unspecified"),
    ("acute renal failure", "acute kidney failure unspecified"),
    ("renal failure", "kidney failure"),
    ("kidney infection", "tubulo interstitial nephritis not specified as acute or chronic"),
    ("kidney stone", "calculus of kidney"),
    ("kidney stones", "calculus of kidney"),
    ("leg", "lower limb"),
    ("leg swelling", "localized edema"),
    ("swollen legs", "localized edema"),
    ("low back pain", "low back pain unspecified"),
    ("lower back pain", "low back pain unspecified"),
    ("low oxygen", "hypoxia"),
    ("low platelets", "thrombocytopenia unspecified"),
    ("low potassium", "hypokalemia"),
    ("low sodium", "hypo osmolality and hyponatremia"),
    ("low thyroid", "hypothyroidism unspecified"),
    ("low vitamin d", "vitamin d deficiency unspecified"),
    ("lung cancer", "malignant neoplasm of unspecified part of bronchus or lung"),
    ("lupus", "systemic lupus erythematosus unspecified"),
    ("major depression", "major depressive disorder"),
    ("melanoma", "malignant melanoma of skin unspecified"),
    ("menstrual cramps", "dysmenorrhea unspecified"),
    ("migraine", "migraine not intractable without status migrainosus unspecified"),
    ("miscarriage", "complete or unspecified spontaneous abortion without complication"),
    ("missed period", "amenorrhea"),
    ("mono", "infectious mononucleosis unspecified"),
    ("morbidly obese", "morbid severe obesity due to excess calories"),
    ("morning sickness", "mild hyperemesis gravidarum"),
    ("muscle spasm", "other muscle spasm"),
    ("neck pain", "cervicalgia"),
    ("nosebleed", "epistaxis"),
    ("normal delivery", "full term uncomplicated delivery"),
    ("numbness and tingling", "paresthesia of skin"),
    ("old mi", "old myocardial infarction"),
    ("on blood thinners", "long term current use of anticoagulants"),
    ("on insulin", "long term current use of insulin"),
    ("osteoporosis", "age related osteoporosis without current pathological fracture"),
    ("overactive thyroid", "thyrotoxicosis unspecified without thyrotoxic crisis"),
    ("hyperthyroidism", "thyrotoxicosis"),
    ("pacemaker", "presence of cardiac pacemaker"),
    ("painful urination", "dysuria"),
    ("panic attack", "panic disorder"),
    ("parkinsons", "parkinson disease without dyskinesia without fluctuations"),
    ("peeing", "urination"),
    ("pink eye", "conjunctivitis unspecified"),
    ("plantar fasciitis", "plantar fascial fibromatosis"),
    ("pregnancy test positive", "pregnancy test result positive"),
    ("preterm labor", "preterm labor without delivery unspecified trimester"),
    ("prostate cancer", "malignant neoplasm of prostate"),
    ("colon cancer", "malignant neoplasm of colon unspecified"),
    ("ringing in the ears", "tinnitus unspecified ear"),
    ("ringworm", "dermatophytosis unspecified"),
    ("runny nose", "nasal congestion"),
    ("seasonal allergies", "other seasonal allergic rhinitis"),
    ("seizure", "unspecified convulsions"),
    ("seizures", "unspecified convulsions"),
    ("shingles", "zoster without complications"),
    ("sinus infection", "acute sinusitis unspecified"),
    ("skin cancer", "unspecified malignant neoplasm of skin unspecified"),
    ("slipped disc lower back", "intervertebral disc displacement lumbar region"),
    ("slipped disc", "intervertebral disc displacement"),
    ("slow heart rate", "bradycardia unspecified"),
    ("smoker", "nicotine dependence cigarettes uncomplicated"),
    ("sore throat", "acute pharyngitis unspecified"),
    ("sprained ankle", "sprain of unspecified ligament of ankle initial encounter"),
    ("stomach flu", "viral intestinal infection unspecified"),
    ("stomach ulcer", "gastric ulcer unspecified without hemorrhage or perforation"),
    ("strep throat", "streptococcal pharyngitis"),
    ("stroke", "cerebral infarction unspecified"),
    ("stuffy nose", "nasal congestion"),
    ("suicidal thoughts", "suicidal ideations"),
    ("swimmers ear", "swimmer ear"),
    ("tennis elbow", "lateral epicondylitis elbow"),
    ("throwing up", "vomiting unspecified"),
    ("tired all the time", "other fatigue"),
    ("fatigue", "other fatigue"),
    ("torn rotator cuff", "unspecified rotator cuff tear or rupture not specified as traumatic"),
    ("trouble swallowing", "dysphagia unspecified"),
    ("upset stomach", "functional dyspepsia"),
    ("uterine fibroids", "leiomyoma of uterus unspecified"),
    ("fibroids", "leiomyoma of uterus"),
    ("vertigo", "dizziness and giddiness"),
    ("walking pneumonia", "pneumonia due to mycoplasma pneumoniae"),
    ("weight loss", "abnormal weight loss"),
    ("well child check", "routine child health examination without abnormal findings"),
    ("screening mammogram", "screening mammogram for malignant neoplasm of breast"),
    ("colonoscopy screening", "encounter for screening for malignant neoplasm of colon"),
    ("yeast infection", "candidiasis vulva vagina acute"),
    ("night sweats", "generalized hyperhidrosis"),
    ("insomnia", "insomnia unspecified"),
    ("knee arthritis", "unilateral primary osteoarthritis knee"),
    ("heart murmur", "cardiac murmur unspecified"),
    ("hearing loss", "unspecified hearing loss unspecified ear"),
    ("bunion", "bunion foot"),
    ("carpal tunnel", "carpal tunnel syndrome upper limb"),
    ("hiv", "human immunodeficiency virus disease"),
    ("headache", "headache unspecified"),
    ("cough", "cough unspecified"),
    ("fever", "fever unspecified"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_and_abbreviations_are_rewritten() {
        assert_eq!(rewrite("Heart Attack").as_deref(), Some("acute myocardial infarction unspecified"));
        assert_eq!(rewrite("old MI").as_deref(), Some("old myocardial infarction"));
        assert_eq!(
            rewrite("T2DM with CKD").as_deref(),
            Some("type 2 diabetes mellitus with chronic kidney disease")
        );
        assert_eq!(rewrite("cholera"), None);
        assert_eq!(rewrite("cold sores").as_deref(), Some("herpesviral vesicular dermatitis"));
        assert_eq!(rewrite("pain in legs").as_deref(), Some("pain in lower limb"));
        assert_eq!(rewrite(&"mi ".repeat(1_000_000)).map(|text| text.len() < 2_000), Some(true));
    }
}
