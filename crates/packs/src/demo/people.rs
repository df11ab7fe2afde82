//! Invented people: pupils in classes, teachers, coordinators.

use std::collections::BTreeSet;
use std::ops::Range;

use super::Draw;
use crate::{Campaign, Names, Pack};

/// Sex as in the school register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sex {
    /// Female.
    Female,
    /// Male.
    Male,
}

/// An invented person.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Person {
    /// Family name.
    pub family: String,
    /// Given name.
    pub given: String,
    /// Patronymic; empty for those who have none.
    pub patronymic: String,
    /// Sex.
    pub sex: Sex,
}

/// A pupil of a class.
#[derive(Debug, Clone)]
pub struct Pupil {
    /// Who.
    pub person: Person,
    /// Year, month and day of birth.
    pub born: (u16, u8, u8),
    /// Index of the class.
    pub class: usize,
}

/// A class.
#[derive(Debug, Clone)]
pub struct Class {
    /// Index of the school.
    pub school: usize,
    /// Grade.
    pub grade: u8,
    /// Letter.
    pub letter: String,
    /// Language of instruction.
    pub language: String,
    /// Index of the class teacher.
    pub class_teacher: usize,
    /// Its pupils, by family name.
    pub pupils: Range<usize>,
}

/// A teacher of one of the tested grades.
#[derive(Debug, Clone)]
pub struct Teacher {
    /// Who.
    pub person: Person,
    /// Index of the school.
    pub school: usize,
}

/// A teacher teaches a subject to a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lesson {
    /// Index of the class.
    pub class: usize,
    /// Index of the subject.
    pub subject: usize,
    /// Index of the teacher.
    pub teacher: usize,
}

/// The deputy director responsible for the sittings.
#[derive(Debug, Clone)]
pub struct Coordinator {
    /// Who.
    pub person: Person,
    /// Index of the school.
    pub school: usize,
}

/// Everybody.
#[derive(Debug, Clone, Default)]
pub struct People {
    /// Classes.
    pub classes: Vec<Class>,
    /// Pupils.
    pub pupils: Vec<Pupil>,
    /// Teachers.
    pub teachers: Vec<Teacher>,
    /// Lessons.
    pub lessons: Vec<Lesson>,
    /// Coordinators.
    pub coordinators: Vec<Coordinator>,
}

/// Classes that one subject teacher of a school takes in a grade.
const CLASSES_PER_SUBJECT_TEACHER: usize = 4;

pub(super) fn draw(pack: &Pack, campaign: &Campaign, draw: &mut Draw) -> People {
    let mut namer = Namer { names: &pack.names, used: BTreeSet::new() };
    let mut people = People::default();
    for (index, school) in pack.network.schools.iter().enumerate() {
        let mut grades: Vec<u8> = campaign.tests.iter().map(|test| test.grade).collect();
        grades.sort_unstable();
        grades.dedup();
        for grade in grades {
            let first = people.classes.len();
            let mut letters = pack.network.class_letters.iter();
            // Kazakh-medium classes come first, as `network.toml` says of the letters.
            for parallel in school.parallels.iter().filter(|p| p.grade == grade) {
                for size in &parallel.classes {
                    let class = people.classes.len();
                    let start = people.pupils.len();
                    let mut pupils: Vec<Pupil> = (0..*size)
                        .map(|_| {
                            let sex = if draw.chance(0.5) { Sex::Female } else { Sex::Male };
                            let kazakh = draw.chance(if parallel.language == "kk" { 0.99 } else { 0.35 });
                            Pupil {
                                person: namer.person(sex, kazakh, draw),
                                born: birthday(campaign.school_year, grade, draw),
                                class,
                            }
                        })
                        .collect();
                    pupils.sort_by(|a, b| a.person.cmp(&b.person));
                    people.pupils.append(&mut pupils);
                    people.classes.push(Class {
                        school: index,
                        grade,
                        letter: letters.next().cloned().unwrap_or_default(),
                        language: parallel.language.clone(),
                        class_teacher: 0,
                        pupils: start..people.pupils.len(),
                    });
                }
            }
            appoint(pack, campaign, &mut people, first, &mut namer, draw);
        }
        people.coordinators.push(Coordinator { person: namer.adult(draw), school: index });
    }
    people
}

/// Teachers of the classes from `first` on, all of one school and grade. Primary classes have one teacher for everything.
fn appoint(
    pack: &Pack,
    campaign: &Campaign,
    people: &mut People,
    first: usize,
    namer: &mut Namer<'_>,
    draw: &mut Draw,
) {
    let classes = first..people.classes.len();
    let mut hire = |people: &mut People, school: usize| {
        people.teachers.push(Teacher { person: namer.adult(draw), school });
        people.teachers.len() - 1
    };
    for class in classes.clone() {
        let Class { school, grade, .. } = people.classes[class];
        if grade <= 4 {
            people.classes[class].class_teacher = hire(people, school);
        }
    }
    for (subject_index, subject) in pack.subjects.iter().enumerate() {
        let mut taught = 0;
        let mut current = None;
        for class in classes.clone() {
            let Class { school, grade, ref language, class_teacher, .. } = people.classes[class];
            let has = campaign
                .tests
                .iter()
                .any(|test| test.grade == grade && test.subject == subject.code && test.audience.contains(language));
            if !has {
                continue;
            }
            let teacher = if grade <= 4 {
                class_teacher
            } else {
                if taught % CLASSES_PER_SUBJECT_TEACHER == 0 {
                    current = Some(hire(people, school));
                }
                taught += 1;
                current.unwrap_or_default()
            };
            people.lessons.push(Lesson { class, subject: subject_index, teacher });
        }
    }
    // In the basic school the class teacher is one of the class's subject teachers, a different one for each class where possible.
    for (order, class) in classes.enumerate() {
        if people.classes[class].grade > 4 {
            let own: Vec<usize> =
                (people.lessons.iter()).filter(|lesson| lesson.class == class).map(|lesson| lesson.teacher).collect();
            if !own.is_empty() {
                people.classes[class].class_teacher = own[order % own.len()];
            }
        }
    }
}

/// Pupils enter grade 1 at six or seven: born from September to August.
fn birthday(school_year: u16, grade: u8, draw: &mut Draw) -> (u16, u8, u8) {
    let month_from_september = draw.below(12) as u8;
    let entry = school_year + 1 - u16::from(grade);
    let (year, month) = if month_from_september < 4 {
        (entry - 7, 9 + month_from_september)
    } else {
        (entry - 6, month_from_september - 3)
    };
    (year, month, 1 + draw.below(28) as u8)
}

struct Namer<'a> {
    names: &'a Names,
    used: BTreeSet<Person>,
}

impl Namer<'_> {
    fn adult(&mut self, draw: &mut Draw) -> Person {
        let sex = if draw.chance(0.78) { Sex::Female } else { Sex::Male };
        let kazakh = draw.chance(0.9);
        self.person(sex, kazakh, draw)
    }

    /// A person whose full name nobody else has.
    fn person(&mut self, sex: Sex, kazakh: bool, draw: &mut Draw) -> Person {
        loop {
            let person = if kazakh { self.kazakh(sex, draw) } else { self.russian(sex, draw) };
            if self.used.insert(person.clone()) {
                return person;
            }
        }
    }

    fn kazakh(&self, sex: Sex, draw: &mut Draw) -> Person {
        let names = &self.names.kazakh;
        let family = draw.pick(&names.families);
        let given = draw.pick(match sex {
            Sex::Female => &names.given_f,
            Sex::Male => &names.given_m,
        });
        let father = draw.pick(&names.fathers);
        let patronymic = match (draw.chance(0.9), sex) {
            (false, _) => String::new(),
            (true, Sex::Female) => format!("{father}қызы"),
            (true, Sex::Male) => format!("{father}ұлы"),
        };
        Person { family: form(family, sex), given: given.clone(), patronymic, sex }
    }

    fn russian(&self, sex: Sex, draw: &mut Draw) -> Person {
        let names = &self.names.russian;
        let family = draw.pick(&names.families);
        let given = draw.pick(match sex {
            Sex::Female => &names.given_f,
            Sex::Male => &names.given_m,
        });
        let patronymic = draw.pick(&names.patronymics);
        Person { family: form(family, sex), given: given.clone(), patronymic: form(patronymic, sex), sex }
    }
}

fn form(pair: &(String, String), sex: Sex) -> String {
    match sex {
        Sex::Female => pair.1.clone(),
        Sex::Male => pair.0.clone(),
    }
}
