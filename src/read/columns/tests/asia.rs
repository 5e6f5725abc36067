//! Headers of public job data from Asia and Africa, and names that are not written as usual.

use super::check;

#[test]
fn chinese_exports() {
    check(
        "51job, Lagou, Boss, Liepin, Zhaopin",
        &[
            (
                "title",
                "jobName|positionName|职位名称|岗位名称|岗位|职位|招聘岗位名称（必填）|岗位名称(中文)",
            ),
            (
                "company",
                "companyFullName|fullCompanyName|brandName|公司名称|企业名称|公司全称|招聘单位名称",
            ),
            (
                "place",
                "jobAreaString|cityName|areaDistrict|workCity|工作地点|城市|工作城市|公司所在地",
            ),
            (
                "pay",
                "provideSalaryString|salaryDesc|薪资|月薪范围|薪资(元/月)|薪资待遇|最低薪资|最高薪资|平均薪资",
            ),
            ("date", "issueDateString|createTime|publishTime|发布时间|发布日期|更新时间"),
            (
                "text",
                "jobDescribe|postDescription|职位描述|岗位职责|任职要求|职位描述及要求|岗位职责描述|工作内容",
            ),
            ("stack", "skillLables|skillLabel|技能要求|职业技能|技能标签|所需技能|技术栈"),
            ("section", "职能类别|行业|岗位类别|方向"),
            ("id", "positionId|encryptJobId|职位编号|序号"),
            (
                "other",
                "workYear|education|companySize|financeStage|jobExperience|jobDegree|学历要求|工作经验|经验要求|公司规模|公司性质|招聘人数|职位链接|公司福利|截止日期|联系方式|公司介绍|年龄要求",
            ),
        ],
    );
    check(
        "104, 1111",
        &[
            ("title", "職缺名稱|職務名稱|職位|工作職稱"),
            ("company", "公司名稱"),
            ("place", "工作地點|縣市"),
            ("pay", "薪資待遇|工作待遇"),
            ("text", "工作內容|職務說明|條件要求"),
            ("stack", "擅長工具|工作技能"),
            ("section", "職務類別|產業類別"),
            ("date", "刊登日期|更新日期"),
            ("other", "學歷要求|工作經歷|需求人數|福利制度|職缺連結|公司規模"),
        ],
    );
}

#[test]
fn japanese_and_korean_exports() {
    check(
        "Rikunabi, doda, Hello Work",
        &[
            ("title", "職種|募集職種|職種名|求人タイトル"),
            ("company", "会社名|企業名|事業所名"),
            ("text", "仕事内容|仕事の内容|業務内容|応募資格|対象となる方|求める人材|必要な経験等"),
            ("place", "勤務地|就業場所|勤務エリア"),
            ("pay", "給与|年収|想定年収|月給|賃金"),
            ("stack", "必須スキル|歓迎スキル|使用技術"),
            ("date", "掲載日|受付年月日|更新日"),
            ("id", "求人番号"),
            ("section", "業種|カテゴリー"),
            (
                "other",
                "雇用形態|勤務時間|休日休暇|待遇・福利厚生|従業員数|設立|紹介期限日|採用人数|学歴|詳細URL",
            ),
        ],
    );
    check(
        "Saramin, JobKorea, Wanted, Worknet",
        &[
            ("title", "공고명|공고제목|채용공고명|포지션|직무명|모집부문"),
            ("company", "회사명|기업명|사업장명"),
            ("text", "주요업무|담당업무|자격요건|우대사항|상세내용|모집요강"),
            ("place", "근무지역|근무지|지역"),
            ("pay", "급여|연봉|임금"),
            ("stack", "기술스택|기술스택 ・ 툴|스킬"),
            ("date", "등록일|게시일"),
            ("section", "직군|업종"),
            ("id", "공고번호"),
            ("other", "경력|학력|고용형태|마감일|복리후생|혜택 및 복지|근무시간|홈페이지|모집인원"),
        ],
    );
}

#[test]
fn exports_of_other_scripts() {
    check(
        "Arabic, Persian",
        &[
            ("title", "المسمى الوظيفي|الوظيفة|مسمى الوظيفة|عنوان شغلی"),
            ("company", "الشركة|اسم الشركة|جهة العمل|شرکت"),
            ("text", "الوصف الوظيفي|وصف الوظيفة|المتطلبات|المسؤوليات|شرح وظایف"),
            ("place", "الموقع|المدينة|مكان العمل"),
            ("pay", "الراتب|الأجر"),
            ("stack", "المهارات|المهارات المطلوبة"),
            ("date", "تاريخ النشر"),
            ("section", "القسم|الفئة|المجال"),
            ("other", "الخبرة|سنوات الخبرة|نوع الوظيفة|رابط|المؤهل العلمي"),
        ],
    );
    check(
        "Hindi, Thai, Vietnamese, Indonesian",
        &[
            (
                "title",
                "पद का नाम|पद|नौकरी का शीर्षक|ชื่อตำแหน่ง|ตำแหน่งงาน|Chức danh|Vị trí tuyển dụng|Tên công việc|Judul Pekerjaan|Posisi|Nama Lowongan",
            ),
            (
                "text",
                "नौकरी का विवरण|विवरण|जिम्मेदारियां|รายละเอียดงาน|คุณสมบัติ|หน้าที่ความรับผิดชอบ|Mô tả công việc|Yêu cầu công việc|Deskripsi Pekerjaan|Kualifikasi|Persyaratan",
            ),
            (
                "company",
                "कंपनी|कंपनी का नाम|บริษัท|ชื่อบริษัท|Công ty|Tên công ty|Perusahaan|Nama Perusahaan",
            ),
            ("place", "स्थान|शहर|สถานที่ทำงาน|จังหวัด|Địa điểm làm việc|Nơi làm việc|Lokasi|Kota"),
            ("pay", "वेतन|เงินเดือน|Mức lương|Lương|Gaji|Kisaran Gaji"),
            ("stack", "कौशल|ทักษะ|Kỹ năng|Keahlian|Keterampilan"),
            ("date", "प्रकाशन तिथि|วันที่ประกาศ|Ngày đăng|Tanggal Posting"),
            (
                "other",
                "अनुभव|अंतिम तिथि|ประสบการณ์|สวัสดิการ|วุฒิการศึกษา|Kinh nghiệm|Quyền lợi|Hạn nộp hồ sơ|Pengalaman|Pendidikan|Tunjangan",
            ),
        ],
    );
}

#[test]
fn decorated_and_misspelt_names_are_recognised() {
    check(
        "anybody",
        &[
            (
                "title",
                "Extracted Job Title|raw_title|title_en|job_title_clean|JOB-TITLE|tittle|job titel|Postion|Designtion|ＪＯＢ　ＴＩＴＬＥ|Normalized Job Title|Titles|职位_原始|岗位名称1",
            ),
            (
                "text",
                "discription|Job Discription|desciption|job_description_text|full_job_description_html|Responsibilites|requirments|Qualificaitons|fulljobdescription|description_translated|Description 2|Tasks & Responsibilities|Beschreibungstext|Aufgabenbeschreibung|descripcion de la oferta|岗位描述（英文）|工作职责&要求",
            ),
            (
                "stack",
                "Extracted Skills|skils|required_skills_list|Technologes|Skill Labels|职业技能提取",
            ),
            ("company", "compnay|Company Name (raw)|employer_name_clean"),
            ("place", "loaction|Job Location (City)|city_en|Ubicacion"),
            ("pay", "Salary (USD)|salery|Salary Range (k)|annual_salary_text"),
            ("date", "Date Posted (UTC)|posted_date_raw|publication_dat"),
            ("-", "foo|x1|Unnamed: 0|favourite colour|备|abc"),
            (
                "other",
                "title_length|job_title_id|title_url|description_language|company_url|number_of_skills|experiance|is_title_valid|skills_count|location_id|description_embedding|educaton",
            ),
        ],
    );
}
