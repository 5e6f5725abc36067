//! Headers of public job data from Europe and America.

use super::check;

#[test]
fn english_exports() {
    check(
        "Kaggle fake postings",
        &[
            ("title", "title"),
            ("place", "location"),
            ("section", "department|industry|function"),
            ("pay", "salary_range"),
            ("text", "description|requirements"),
            (
                "other",
                "company_profile|benefits|telecommuting|has_company_logo|employment_type|required_experience|required_education|fraudulent",
            ),
        ],
    );
    check(
        "Naukri",
        &[
            ("id", "Uniq Id|jobid"),
            ("date", "Crawl Timestamp|postdate"),
            ("title", "Job Title|jobtitle"),
            ("pay", "Job Salary|payrate"),
            ("stack", "Key Skills|skills"),
            ("text", "jobdescription"),
            ("section", "Role Category|Functional Area|Industry"),
            ("place", "Location|joblocation_address"),
            ("company", "company"),
            ("other", "Job Experience Required|education|experience|numberofpositions|site_name"),
        ],
    );
    check(
        "LinkedIn dumps",
        &[
            ("id", "job_id"),
            ("company", "company_name"),
            ("title", "title|job_title"),
            ("text", "description|skills_desc|job_summary"),
            ("pay", "max_salary|min_salary|med_salary|pay_period|currency|normalized_salary"),
            ("place", "location|job_location|zip_code"),
            ("date", "original_listed_time|listed_time|first_seen"),
            ("stack", "job_skills"),
            (
                "other",
                "company_id|views|applies|formatted_work_type|job_posting_url|application_url|expiry|closed_time|formatted_experience_level|work_type|sponsored|job_link|got_summary|job_level|job_type",
            ),
        ],
    );
    check(
        "JobSpy",
        &[
            ("id", "id"),
            ("title", "title"),
            ("company", "company"),
            ("place", "location"),
            ("date", "date_posted"),
            ("pay", "interval|min_amount|max_amount|currency"),
            ("stack", "skills"),
            ("section", "job_function"),
            ("text", "description"),
            (
                "other",
                "site|job_url|job_url_direct|job_type|is_remote|job_level|emails|company_url|company_logo|company_num_employees|company_revenue|company_description|company_industry|company_rating|vacancy_count|work_from_home_type|experience_range",
            ),
        ],
    );
    check(
        "Glassdoor, NYC, Monster, Armenian",
        &[
            ("title", "Job Title|Business Title|Title"),
            ("pay", "Salary Estimate|Salary Range From|Salary Range To|Salary Frequency|Salary"),
            (
                "text",
                "Job Description|Minimum Qual Requirements|JobRequirment|RequiredQual|jobpost",
            ),
            ("stack", "Preferred Skills"),
            ("place", "Work Location|Headquarters"),
            ("section", "Job Category|Sector"),
            ("date", "Posting Date|date_added|OpeningDate"),
            ("company", "Company Name|organization|Agency"),
            (
                "other",
                "Rating|Size|Founded|Revenue|Competitors|Easy Apply|# Of Positions|Title Code No|Level|Posting Type|Post Until|Full-Time/Part-Time indicator level|page_url|has_expired|job_board|Deadline",
            ),
        ],
    );
    check(
        "Adzuna, ESCO, schema.org",
        &[
            ("company", "company.display_name|hiringOrganization.name"),
            ("place", "location.display_name|jobLocation.address.addressLocality"),
            ("section", "category.label"),
            ("pay", "salary_min|salary_max|baseSalary.currency"),
            ("title", "preferredLabel"),
            ("date", "created|datePosted"),
            ("id", "conceptUri"),
            ("other", "redirect_url|validThrough|altLabels|employmentType"),
        ],
    );
}

#[test]
fn cyrillic_exports() {
    check(
        "hh.ru, trudvsem, SuperJob",
        &[
            ("title", "Название вакансии|Вакансия|Должность|Наименование вакансии|Профессия"),
            ("company", "Компания|Работодатель|employer.name|Название компании"),
            ("place", "Город|Регион|area.name|Место работы"),
            (
                "pay",
                "Зарплата|Зарплата от|Зарплата до|salary.from|salary.to|salary.currency|Заработная плата|Валюта",
            ),
            (
                "text",
                "Описание|Обязанности|Требования|snippet.requirement|snippet.responsibility|Описание вакансии",
            ),
            ("stack", "Ключевые навыки|key_skills|Навыки"),
            ("date", "Дата публикации|published_at"),
            ("section", "Категория|Профобласть|Отрасль"),
            (
                "other",
                "Ссылка|Опыт работы|Образование|График работы|Тип занятости|alternate_url|experience.name|schedule.name|Ссылка на вакансию",
            ),
        ],
    );
    check(
        "work.ua",
        &[
            ("title", "Назва вакансії|Посада"),
            ("company", "Компанія|Роботодавець"),
            ("place", "Місто"),
            ("pay", "Зарплата|Заробітна плата"),
            ("text", "Опис вакансії|Обов'язки|Вимоги|Обов’язки"),
            ("stack", "Навички"),
            ("date", "Дата публікації"),
            ("other", "Посилання|Досвід роботи|Освіта"),
        ],
    );
}

#[test]
fn european_exports() {
    check(
        "StepStone, Bundesagentur",
        &[
            ("title", "Stellenbezeichnung|Jobtitel|stellenangebotsTitel|hauptberuf|Beruf|Titel"),
            ("company", "Arbeitgeber|Unternehmen|Firma|Firmenname"),
            ("place", "Arbeitsort|Standort|arbeitsort.ort|Ort|Einsatzort"),
            (
                "text",
                "Beschreibung|Aufgaben|Anforderungen|Ihr Profil|stellenangebotsBeschreibung|Tätigkeitsbeschreibung|Taetigkeitsbeschreibung",
            ),
            ("pay", "Gehalt|Vergütung|Gehalt von|Gehalt bis"),
            ("id", "refnr|Referenznummer"),
            ("date", "aktuelleVeroeffentlichungsdatum|Veröffentlicht am|Veröffentlichungsdatum"),
            ("stack", "Kenntnisse|Fähigkeiten"),
            ("section", "Fachbereich|Berufsfeld|Branche"),
            (
                "other",
                "Berufserfahrung|Vertragsart|Arbeitszeit|Wir bieten|eintrittsdatum|Bewerbungsfrist|externeUrl|Sprachkenntnisse",
            ),
        ],
    );
    check(
        "France Travail, ROME",
        &[
            (
                "title",
                "intitule|Intitulé du poste|appellationlibelle|libelle_appellation_long|Métier",
            ),
            ("company", "entreprise.nom|Nom de l'entreprise|Société"),
            ("place", "lieuTravail.libelle|Lieu de travail|Ville"),
            ("text", "description|Descriptif du poste|Missions|Profil recherché"),
            ("pay", "salaire.libelle|Salaire|Rémunération"),
            ("stack", "competences|Compétences requises"),
            ("date", "dateCreation|Date de publication|dateActualisation"),
            ("section", "romeLibelle|libelle_rome|Domaine|secteurActiviteLibelle"),
            ("id", "Référence"),
            (
                "other",
                "romeCode|typeContrat|experienceLibelle|code_ogr|Type de contrat|Expérience|nombrePostes|Diplôme",
            ),
        ],
    );
    check(
        "pracuj.pl",
        &[
            ("title", "Stanowisko|Nazwa stanowiska|Tytuł oferty"),
            ("company", "Pracodawca|Firma|Nazwa firmy"),
            ("place", "Lokalizacja|Miejsce pracy|Miasto"),
            ("pay", "Wynagrodzenie|Widełki|Wynagrodzenie od|Zarobki"),
            ("text", "Obowiązki|Wymagania|Opis stanowiska|Twój zakres obowiązków|Opis"),
            ("stack", "Technologie|Umiejętności"),
            ("date", "Data publikacji|Data dodania"),
            ("section", "Kategoria|Branża|Dział"),
            (
                "other",
                "Rodzaj umowy|Wymiar etatu|Doświadczenie|Oferujemy|Link do oferty|Wykształcenie",
            ),
        ],
    );
    check(
        "InfoJobs, Computrabajo, Catho, Gupy",
        &[
            (
                "title",
                "Título del puesto|Puesto|Vacante|Cargo|Nome da vaga|Título da vaga|Nombre de la vacante",
            ),
            ("company", "Empresa|Nombre de la empresa|Nome da empresa|careerPageName"),
            ("place", "Ubicación|Ciudad|Localidad|Cidade|Localização|Local de trabalho"),
            ("pay", "Salario|Sueldo|Salário|Faixa salarial"),
            (
                "text",
                "Descripción del puesto|Requisitos|Funciones|Descrição da vaga|Responsabilidades e atribuições|Atribuições",
            ),
            ("stack", "Habilidades|Competencias|Conhecimentos"),
            ("date", "Fecha de publicación|Data de publicação|publishedDate"),
            ("section", "Categoría|Área|Área de atuação|Departamento"),
            (
                "other",
                "Experiencia|Tipo de contrato|Jornada|Beneficios|Escolaridade|Experiência|Número de vacantes|Quantidade de vagas",
            ),
        ],
    );
    check(
        "Italian and Dutch boards",
        &[
            ("title", "Posizione|Mansione|Titolo annuncio|Functietitel|Functie|Vacature"),
            ("company", "Azienda|Bedrijf|Werkgever"),
            ("place", "Sede di lavoro|Città|Luogo|Standplaats|Plaats"),
            ("pay", "Retribuzione|Stipendio|RAL|Salaris"),
            ("text", "Descrizione|Requisiti|Functieomschrijving|Functie-eisen|Werkzaamheden"),
            ("stack", "Competenze|Vaardigheden"),
            ("date", "Data di pubblicazione|Publicatiedatum"),
            ("section", "Settore|Vakgebied"),
            (
                "other",
                "Esperienza|Tipo di contratto|Titolo di studio|Opleiding|Dienstverband|Ervaring",
            ),
        ],
    );
    check(
        "others in Europe",
        &[
            (
                "title",
                "İş Unvanı|POZİSYON|İlan Başlığı|Pracovní pozice|Munkakör|Titlul postului|Τίτλος θέσης|Tehtävänimike|Yrkestitel|תפקיד|Длъжност",
            ),
            (
                "text",
                "İş Tanımı|Açıklama|Genel Nitelikler|Náplň práce|Feladatok|Descrierea postului|Περιγραφή|Kuvaus|Arbetsuppgifter|תיאור המשרה",
            ),
            (
                "company",
                "Şirket|Zaměstnavatel|Munkáltató|Angajator|Εταιρεία|Työnantaja|Arbetsgivare",
            ),
            (
                "place",
                "Şehir|Konum|Místo výkonu práce|Munkavégzés helye|Oraș|Τοποθεσία|Paikkakunta",
            ),
            ("pay", "Maaş|Ücret|Mzda|Fizetés|Salariu|Μισθός"),
        ],
    );
}
