//! The shapes in which recruiting systems and job boards hand out postings, known by the
//! members only they have, so that each column is what its documentation says.

use super::value::{Json, Object};
use crate::read::columns::PayPart::{Currency, Max, Min, Period, Whole};
use crate::read::columns::Shape;
use crate::read::columns::Target::{
    Company, Date, Description, Id, Pay, Place, Section, Stack, Title,
};

/// A shape and how it is told.
#[derive(Debug)]
pub(super) struct Known {
    pub shape: Shape,
    /// Members that every posting of this shape has; of alternatives (`a|b`) one.
    all: &'static [&'static str],
    /// Objects of other kinds stand beside the postings and are set aside by their kind.
    pub typed: bool,
}

/// All known shapes; the first that fits holds.
static KNOWN: [Known; 11] = [
    Known {
        shape: Shape {
            name: "schema.org JobPosting",
            columns: &[
                ("title", Title),
                ("name", Title),
                ("description", Description),
                ("responsibilities", Description),
                ("qualifications", Description),
                ("experienceRequirements", Description),
                ("experienceRequirements.description", Description),
                ("educationRequirements", Description),
                ("skills", Stack),
                ("occupationalCategory", Section),
                ("industry", Section),
                ("identifier.value", Id),
                ("identifier", Id),
                ("@id", Id),
                ("datePosted", Date),
                ("jobLocation.address.addressLocality", Place),
                ("jobLocation.address.addressRegion", Place),
                ("jobLocation.name", Place),
                ("jobLocation", Place),
                ("hiringOrganization.name", Company),
                ("hiringOrganization", Company),
                ("baseSalary.value.minValue", Pay(Min)),
                ("baseSalary.value.maxValue", Pay(Max)),
                ("baseSalary.value.value", Pay(Whole)),
                ("baseSalary.value", Pay(Whole)),
                ("baseSalary", Pay(Whole)),
                ("baseSalary.currency", Pay(Currency)),
                ("salaryCurrency", Pay(Currency)),
                ("baseSalary.value.unitText", Pay(Period)),
            ],
        },
        all: &["@type"],
        typed: true,
    },
    Known {
        shape: Shape {
            name: "Greenhouse",
            columns: &[
                ("title", Title),
                ("content", Description),
                ("departments", Section),
                ("group", Section),
                ("id", Id),
                ("first_published", Date),
                ("updated_at", Date),
                ("location.name", Place),
                ("location", Place),
                ("company_name", Company),
            ],
        },
        all: &["absolute_url", "title", "internal_job_id|content|requisition_id|data_compliance"],
        typed: false,
    },
    Known {
        shape: Shape {
            name: "Lever",
            columns: &[
                ("text", Title),
                ("descriptionPlain", Description),
                ("description", Description),
                ("lists.content", Description),
                ("additionalPlain", Description),
                ("additional", Description),
                ("categories.team", Section),
                ("categories.department", Section),
                ("group", Section),
                ("tags", Stack),
                ("id", Id),
                ("createdAt", Date),
                ("categories.location", Place),
                ("country", Place),
                ("salaryRange.min", Pay(Min)),
                ("salaryRange.max", Pay(Max)),
                ("salaryRange.currency", Pay(Currency)),
                ("salaryRange.interval", Pay(Period)),
            ],
        },
        all: &["text", "categories", "hostedUrl|applyUrl|lists|descriptionPlain|createdAt"],
        typed: false,
    },
    Known {
        shape: Shape {
            name: "Ashby",
            columns: &[
                ("title", Title),
                ("descriptionPlain", Description),
                ("descriptionHtml", Description),
                ("department", Section),
                ("departmentName", Section),
                ("team", Section),
                ("id", Id),
                ("publishedAt", Date),
                ("publishedDate", Date),
                ("location", Place),
                ("locationName", Place),
                ("compensation.compensationTierSummary", Pay(Whole)),
                ("compensationTierSummary", Pay(Whole)),
            ],
        },
        all: &[
            "title",
            "descriptionHtml|descriptionPlain|jobUrl|isListed",
            "jobUrl|applyUrl|publishedAt|isListed|employmentType|shouldDisplayCompensationOnJobPostings",
            "department|departmentName|team|teamName|isRemote",
        ],
        typed: false,
    },
    Known {
        shape: Shape {
            name: "Workable",
            columns: &[
                ("title", Title),
                ("full_title", Title),
                ("description", Description),
                ("full_description", Description),
                ("requirements", Description),
                ("department", Section),
                ("function", Section),
                ("shortcode", Id),
                ("id", Id),
                ("published_on", Date),
                ("published", Date),
                ("created_at", Date),
                ("city", Place),
                ("location.city", Place),
                ("location.location_str", Place),
                ("country", Place),
            ],
        },
        all: &["title", "shortcode"],
        typed: false,
    },
    Known {
        shape: Shape {
            name: "SmartRecruiters",
            columns: &[
                ("name", Title),
                ("jobAd.sections.jobDescription.text", Description),
                ("jobAd.sections.qualifications.text", Description),
                ("jobAd.sections.additionalInformation.text", Description),
                ("function.label", Section),
                ("function", Section),
                ("department.label", Section),
                ("id", Id),
                ("uuid", Id),
                ("releasedDate", Date),
                ("location.city", Place),
                ("location.fullLocation", Place),
                ("company.name", Company),
            ],
        },
        all: &[
            "name",
            "jobAd|refNumber|releasedDate",
            "jobAd|typeOfEmployment|experienceLevel|function",
        ],
        typed: false,
    },
    Known {
        shape: Shape {
            name: "51job",
            columns: &[
                ("jobName", Title),
                ("jobDescribe", Description),
                ("jobTags", Stack),
                ("jobTagsForOrder", Stack),
                ("funcType1Str", Section),
                ("jobType1Str", Section),
                ("industryType1Str", Section),
                ("jobId", Id),
                ("issueDateString", Date),
                ("jobAreaString", Place),
                ("fullCompanyName", Company),
                ("companyName", Company),
                ("provideSalaryString", Pay(Whole)),
            ],
        },
        all: &["jobName", "jobId", "jobAreaString|provideSalaryString|fullCompanyName|jobDescribe"],
        typed: false,
    },
    Known {
        shape: Shape {
            name: "BOSS Zhipin",
            columns: &[
                ("jobName", Title),
                ("postDescription", Description),
                ("skills", Stack),
                ("showSkills", Stack),
                ("jobLabels", Stack),
                ("positionName", Section),
                ("encryptJobId", Id),
                ("encryptId", Id),
                ("cityName", Place),
                ("locationName", Place),
                ("areaDistrict", Place),
                ("brandName", Company),
                ("salaryDesc", Pay(Whole)),
            ],
        },
        all: &["jobName", "encryptJobId|encryptId|securityId|postDescription|brandName|salaryDesc"],
        typed: false,
    },
    Known {
        shape: Shape {
            name: "Liepin",
            columns: &[
                ("job.title", Title),
                ("job.description", Description),
                ("job.jobDesc", Description),
                ("job.labels", Stack),
                ("job.jobId", Id),
                ("job.refreshTime", Date),
                ("job.dq", Place),
                ("comp.compName", Company),
                ("job.salary", Pay(Whole)),
            ],
        },
        all: &["job", "comp|recruiter"],
        typed: false,
    },
    Known {
        shape: Shape {
            name: "Zhaopin",
            columns: &[
                ("name", Title),
                ("jobName", Title),
                ("jobSummary", Description),
                ("jobDesc", Description),
                ("skillLabel", Stack),
                ("jobSkillTags", Stack),
                ("jobType", Section),
                ("subJobTypeLevelName", Section),
                ("number", Id),
                ("jobNumber", Id),
                ("publishTime", Date),
                ("firstPublishTime", Date),
                ("workCity", Place),
                ("cityDistrict", Place),
                ("companyName", Company),
                ("company.name", Company),
                ("salary60", Pay(Whole)),
                ("salary", Pay(Whole)),
            ],
        },
        all: &[
            "name|jobName",
            "number|jobNumber",
            "workCity|cityDistrict|workingExp|salary60|jobSummary",
        ],
        typed: false,
    },
    Known {
        shape: Shape {
            name: "Lagou",
            columns: &[
                ("positionName", Title),
                ("positionDetail", Description),
                ("jobDescription", Description),
                ("skillLables", Stack),
                ("skillLabels", Stack),
                ("positionLables", Stack),
                ("firstType", Section),
                ("secondType", Section),
                ("positionId", Id),
                ("createTime", Date),
                ("formatCreateTime", Date),
                ("city", Place),
                ("companyFullName", Company),
                ("companyShortName", Company),
                ("salary", Pay(Whole)),
            ],
        },
        all: &[
            "positionName",
            "positionId",
            "companyFullName|companyShortName|skillLables|positionDetail",
        ],
        typed: false,
    },
];

/// The known shape of an object, if it has one.
pub(super) fn of(object: &Object<'_>) -> Option<&'static Known> {
    KNOWN.iter().find(|known| known.fits(object))
}

impl Known {
    /// Whether an object is a posting of this shape.
    pub fn fits(&self, object: &Object<'_>) -> bool {
        let has = |names: &&str| names.split('|').any(|name| object.has(name));
        if !self.all.iter().all(has) {
            return false;
        }
        match self.shape.name {
            "schema.org JobPosting" => type_of(object).is_some_and(|kind| kind == "JobPosting"),
            // A list of texts for "job" is no posting.
            "Liepin" => {
                object.get("job").and_then(Json::object).is_some_and(|job| job.has("title"))
            }
            "Lever" => object.get("categories").and_then(Json::object).is_some(),
            _ => true,
        }
    }
}

/// The type of a JSON-LD object without its vocabulary; of several the posting, else the first.
pub(super) fn type_of<'a>(object: &'a Object<'_>) -> Option<&'a str> {
    fn short(name: &str) -> &str {
        name.rsplit(['/', ':', '#']).next().unwrap_or(name)
    }
    match object.get("@type")? {
        Json::Text(name) => Some(short(name)),
        Json::Array(names) => {
            let mut names = names.items.iter().filter_map(Json::text).map(short);
            let first = names.next()?;
            Some(if first == "JobPosting" {
                first
            } else {
                names.find(|n| *n == "JobPosting").unwrap_or(first)
            })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse::parse;
    use super::*;

    fn shape(text: &str) -> Option<&'static str> {
        of(parse(text).unwrap().object().unwrap()).map(|known| known.shape.name)
    }

    #[test]
    fn shapes_are_told_by_what_only_they_have() {
        for (text, expected) in [
            (r#"{"@type":"JobPosting","title":"x"}"#, Some("schema.org JobPosting")),
            (
                r#"{"@type":["Thing","http://schema.org/JobPosting"]}"#,
                Some("schema.org JobPosting"),
            ),
            (r#"{"@type":"schema:JobPosting"}"#, Some("schema.org JobPosting")),
            (r#"{"@type":"Organization","name":"x"}"#, None),
            (r#"{"absolute_url":"u","title":"x","content":"&lt;p&gt;"}"#, Some("Greenhouse")),
            (r#"{"text":"x","categories":{},"hostedUrl":"u"}"#, Some("Lever")),
            (r#"{"title":"x","descriptionHtml":"y","jobUrl":"u","team":"t"}"#, Some("Ashby")),
            (r#"{"title":"x","shortcode":"AB12"}"#, Some("Workable")),
            (r#"{"name":"x","refNumber":"1","function":{}}"#, Some("SmartRecruiters")),
            (r#"{"jobName":"x","jobId":"1","jobAreaString":"上海"}"#, Some("51job")),
            (r#"{"jobName":"x","encryptJobId":"1","brandName":"b"}"#, Some("BOSS Zhipin")),
            (r#"{"job":{"title":"x"},"comp":{}}"#, Some("Liepin")),
            (r#"{"job":"x","comp":{}}"#, None),
            (r#"{"name":"x","number":"1","workCity":"c"}"#, Some("Zhaopin")),
            (r#"{"positionName":"x","positionId":1,"companyFullName":"c"}"#, Some("Lagou")),
            (r#"{"title":"x","description":"y","categories":["a"]}"#, None),
        ] {
            assert_eq!(shape(text), expected, "{text}");
        }
    }
}
