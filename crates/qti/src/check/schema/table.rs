//! The table: one line per element of 3.0.1, written from the specification's information model and its XSD binding.
//!
//! `NAME | ATTRIBUTES | CONTENT`. An attribute is `name`, with `!` where it is required and `=TYPE` where it has a type:
//! `name` (an identifier), `names` (several), `bool`, `int`, `nat` (0 and more), `num`, `shape`, `coords`, `mime`, `base`
//! and `card` (the base types and cardinalities), or words between `/`. `~` lets a template variable stand in its place.
//! A line whose attributes begin with `@` may have attributes of others, which are notes then and not warnings.
//! Content is a sequence of parts, each `a`, `a/b` (one of them), with `?`, `*`, `+` or `{2}` after it; `%expression` and
//! the like are groups, `%flow` is text with markup, `%text` text alone, `%any` anything, nothing is nothing.
//! `^` before a content: in 2.x the content stands there directly, without `qti-content-body`.

pub(super) const TABLE: &str = "
qti-assessment-item | @ identifier!=name title! label adaptive=bool time-dependent!=bool tool-name tool-version | qti-context-declaration* qti-response-declaration* qti-outcome-declaration* qti-template-declaration* qti-template-processing? qti-assessment-stimulus-ref* qti-companion-materials-info? qti-stylesheet* qti-item-body? qti-catalog-info? qti-response-processing? qti-modal-feedback*
qti-assessment-test | @ identifier!=name title! class tool-name tool-version | qti-context-declaration* qti-outcome-declaration* qti-time-limits? qti-stylesheet* qti-rubric-block* qti-test-part+ qti-outcome-processing? qti-test-feedback*
qti-assessment-section | @ identifier!=name title! visible!=bool required=bool fixed=bool keep-together=bool class | qti-pre-condition* qti-branch-rule* qti-item-session-control? qti-time-limits? qti-adaptive-selection/qti-selection/qti-ordering* qti-rubric-block* qti-assessment-item-ref/qti-assessment-section/qti-assessment-section-ref/xi:include*
qti-assessment-stimulus | @ identifier!=name title! label tool-name tool-version | qti-stylesheet* qti-stimulus-body qti-catalog-info?
qti-test-part | @ identifier!=name title class navigation-mode!=linear/nonlinear submission-mode!=individual/simultaneous | qti-pre-condition* qti-branch-rule* qti-item-session-control? qti-time-limits? qti-rubric-block* qti-assessment-section/qti-assessment-section-ref+ qti-test-feedback*
qti-assessment-item-ref | @ identifier!=name href! category=names required=bool fixed=bool class | qti-pre-condition* qti-branch-rule* qti-item-session-control? qti-time-limits? qti-variable-mapping* qti-weight* qti-template-default*
qti-assessment-section-ref | @ identifier!=name href! class required=bool fixed=bool | qti-pre-condition* qti-branch-rule* qti-item-session-control? qti-time-limits?
qti-item-session-control | max-attempts=nat show-feedback=bool allow-review=bool show-solution=bool allow-comment=bool allow-skipping=bool validate-responses=bool |
qti-time-limits | min-time=num max-time=num allow-late-submission=bool |
qti-selection | @ select!=nat with-replacement=bool | %any
qti-ordering | @ shuffle=bool | %any
qti-adaptive-selection | | qti-adaptive-engine-ref qti-adaptive-settings-ref? qti-usagedata-ref? qti-metadata-ref?
qti-adaptive-engine-ref | @ identifier!=name href! |
qti-adaptive-settings-ref | @ identifier!=name href! |
qti-usagedata-ref | @ identifier!=name href! |
qti-metadata-ref | @ identifier!=name href! |
qti-pre-condition | | %expression
qti-branch-rule | target!=name | %expression
qti-variable-mapping | source-identifier!=name target-identifier!=name |
qti-weight | identifier!=name value!=num |
qti-template-default | template-identifier!=name | %expression
qti-test-feedback | @ access!=atEnd/during outcome-identifier!=name show-hide!=show/hide identifier!=name title | ^ qti-stylesheet* qti-content-body qti-catalog-info?
qti-rubric-block | @ view!=views use | ^ qti-stylesheet* qti-content-body qti-catalog-info?
qti-assessment-stimulus-ref | @ identifier!=name href! title |
qti-stylesheet | @ href! type!=mime media title |

qti-context-declaration | identifier!=name cardinality!=card base-type=base | qti-default-value?
qti-response-declaration | identifier!=name cardinality!=card base-type=base | qti-default-value? qti-correct-response? qti-mapping? qti-area-mapping?
qti-outcome-declaration | identifier!=name cardinality!=card base-type=base view=views interpretation long-interpretation normal-maximum=num normal-minimum=num mastery-value=num external-scored=human/externalMachine/none variable-identifier-ref=name | qti-default-value? qti-match-table/qti-interpolation-table?
qti-template-declaration | identifier!=name cardinality!=card base-type=base param-variable=bool math-variable=bool | qti-default-value?
qti-default-value | interpretation | qti-value+
qti-correct-response | interpretation | qti-value+
qti-value | field-identifier=name base-type=base | %text
qti-mapping | lower-bound=num upper-bound=num default-value=num | qti-map-entry+
qti-map-entry | map-key! mapped-value!=num case-sensitive=bool |
qti-area-mapping | lower-bound=num upper-bound=num default-value=num | qti-area-map-entry+
qti-area-map-entry | shape!=shape coords=coords mapped-value!=num |
qti-match-table | default-value | qti-match-table-entry+
qti-match-table-entry | source-value!=int target-value! |
qti-interpolation-table | default-value | qti-interpolation-table-entry+
qti-interpolation-table-entry | source-value!=num include-boundary=bool target-value! |

qti-response-processing | @ template template-location | %response-rule*
qti-response-condition | | qti-response-if qti-response-else-if* qti-response-else?
qti-response-if | | %expression %response-rule*
qti-response-else-if | | %expression %response-rule*
qti-response-else | | %response-rule*
qti-response-processing-fragment | | %response-rule*
qti-exit-response | |
qti-set-outcome-value | identifier!=name | %expression
qti-lookup-outcome-value | identifier!=name | %expression
qti-template-processing | | %template-rule+
qti-template-condition | | qti-template-if qti-template-else-if* qti-template-else?
qti-template-if | | %expression %template-rule*
qti-template-else-if | | %expression %template-rule*
qti-template-else | | %template-rule*
qti-template-constraint | | %expression
qti-exit-template | |
qti-set-template-value | identifier!=name | %expression
qti-set-correct-response | identifier!=name | %expression
qti-set-default-value | identifier!=name | %expression
qti-outcome-processing | | %outcome-rule*
qti-outcome-condition | | qti-outcome-if qti-outcome-else-if* qti-outcome-else?
qti-outcome-if | | %expression %outcome-rule*
qti-outcome-else-if | | %expression %outcome-rule*
qti-outcome-else | | %outcome-rule*
qti-outcome-processing-fragment | | %outcome-rule*
qti-exit-test | |

qti-base-value | base-type!=base | %text
qti-variable | identifier! weight-identifier=name |
qti-null | |
qti-default | identifier! |
qti-correct | identifier! |
qti-map-response | identifier! |
qti-map-response-point | identifier! |
qti-math-constant | name!=pi/e |
qti-random-integer | min=int~ max!=int~ step=int~ |
qti-random-float | min=num~ max!=num~ |
qti-test-variables | section-identifier=name include-category=names exclude-category=names variable-identifier!=name weight-identifier=name base-type=base |
qti-outcome-maximum | section-identifier=name include-category=names exclude-category=names outcome-identifier!=name weight-identifier=name |
qti-outcome-minimum | section-identifier=name include-category=names exclude-category=names outcome-identifier!=name weight-identifier=name |
qti-number-correct | section-identifier=name include-category=names exclude-category=names |
qti-number-incorrect | section-identifier=name include-category=names exclude-category=names |
qti-number-responded | section-identifier=name include-category=names exclude-category=names |
qti-number-presented | section-identifier=name include-category=names exclude-category=names |
qti-number-selected | section-identifier=name include-category=names exclude-category=names |
qti-multiple | | %expression*
qti-ordered | | %expression*
qti-container-size | | %expression
qti-is-null | | %expression
qti-index | n!=int~ | %expression
qti-field-value | field-identifier!=name | %expression
qti-random | | %expression
qti-member | | %expression{2}
qti-delete | | %expression{2}
qti-contains | | %expression{2}
qti-substring | case-sensitive!=bool | %expression{2}
qti-not | | %expression
qti-and | | %expression+
qti-or | | %expression+
qti-any-n | min!=int~ max!=int~ | %expression+
qti-match | | %expression{2}
qti-string-match | case-sensitive!=bool substring=bool | %expression{2}
qti-pattern-match | pattern! | %expression
qti-equal | tolerance-mode=exact/absolute/relative tolerance include-lower-bound=bool include-upper-bound=bool | %expression{2}
qti-equal-rounded | rounding-mode=significantFigures/decimalPlaces figures!=int~ | %expression{2}
qti-inside | shape!=shape coords=coords | %expression
qti-lt | | %expression{2}
qti-gt | | %expression{2}
qti-lte | | %expression{2}
qti-gte | | %expression{2}
qti-duration-lt | | %expression{2}
qti-duration-gte | | %expression{2}
qti-sum | | %expression+
qti-product | | %expression+
qti-subtract | | %expression{2}
qti-divide | | %expression{2}
qti-power | | %expression{2}
qti-integer-divide | | %expression{2}
qti-integer-modulus | | %expression{2}
qti-truncate | | %expression
qti-round | | %expression
qti-round-to | rounding-mode=significantFigures/decimalPlaces figures!=int~ | %expression
qti-integer-to-float | | %expression
qti-max | | %expression+
qti-min | | %expression+
qti-gcd | | %expression+
qti-lcm | | %expression+
qti-repeat | number-repeats!=int~ | %expression+
qti-stats-operator | name!=mean/sampleVariance/sampleSD/popVariance/popSD | %expression
qti-math-operator | name!=functions | %expression+
qti-custom-operator | @ class definition | %any

qti-item-body | @ | %flow
qti-stimulus-body | @ | %flow
qti-content-body | @ | %flow
qti-prompt | @ | %flow
qti-associate-interaction | @ response-identifier!=name shuffle=bool max-associations=nat~ min-associations=nat~ | qti-prompt? qti-simple-associable-choice+
qti-choice-interaction | @ response-identifier!=name shuffle=bool max-choices=nat~ min-choices=nat~ orientation=horizontal/vertical | qti-prompt? qti-simple-choice+
qti-custom-interaction | @ response-identifier!=name | %any
qti-drawing-interaction | @ response-identifier!=name | qti-prompt? object/img/picture
qti-end-attempt-interaction | @ response-identifier!=name title! count-attempt=bool |
qti-extended-text-interaction | @ response-identifier!=name base=nat string-identifier=name expected-length=nat pattern-mask placeholder-text max-strings=nat~ min-strings=nat~ expected-lines=nat format=plain/preFormatted/xhtml | qti-prompt?
qti-gap-match-interaction | @ response-identifier!=name shuffle=bool max-associations=nat~ min-associations=nat~ | qti-prompt? qti-gap-text/qti-gap-img+ %flow*
qti-graphic-associate-interaction | @ response-identifier!=name max-associations=nat~ min-associations=nat~ | qti-prompt? object/img/picture qti-associable-hotspot+
qti-graphic-gap-match-interaction | @ response-identifier!=name max-associations=nat~ min-associations=nat~ | qti-prompt? object/img/picture qti-gap-text/qti-gap-img+ qti-associable-hotspot+
qti-graphic-order-interaction | @ response-identifier!=name max-choices=nat~ min-choices=nat~ | qti-prompt? object/img/picture qti-hotspot-choice+
qti-hotspot-interaction | @ response-identifier!=name max-choices=nat~ min-choices=nat~ | qti-prompt? object/img/picture qti-hotspot-choice+
qti-hottext-interaction | @ response-identifier!=name max-choices=nat~ min-choices=nat~ | qti-prompt? %flow*
qti-inline-choice-interaction | @ response-identifier!=name shuffle=bool required=bool min-choices=nat~ | qti-label? qti-inline-choice+
qti-match-interaction | @ response-identifier!=name shuffle=bool max-associations=nat~ min-associations=nat~ | qti-prompt? qti-simple-match-set{2}
qti-media-interaction | @ response-identifier!=name autostart!=bool min-plays=nat~ max-plays=nat~ loop=bool coords=coords | qti-prompt? object/audio/video
qti-order-interaction | @ response-identifier!=name shuffle=bool max-choices=nat~ min-choices=nat~ orientation=horizontal/vertical | qti-prompt? qti-simple-choice+
qti-portable-custom-interaction | @ response-identifier!=name custom-interaction-type-identifier! module | %any
qti-position-object-interaction | @ response-identifier!=name center-point max-choices=nat~ min-choices=nat~ | object/img/picture
qti-position-object-stage | @ | object/img/picture qti-position-object-interaction+
qti-select-point-interaction | @ response-identifier!=name max-choices=nat~ min-choices=nat~ | qti-prompt? object/img/picture
qti-slider-interaction | @ response-identifier!=name lower-bound!=num~ upper-bound!=num~ step=num~ step-label=bool orientation=horizontal/vertical reverse=bool | qti-prompt?
qti-text-entry-interaction | @ response-identifier!=name base=nat string-identifier=name expected-length=nat pattern-mask placeholder-text format |
qti-upload-interaction | @ response-identifier!=name type | qti-prompt?
qti-simple-choice | @ identifier!=name fixed=bool template-identifier=name show-hide=show/hide | %flow
qti-label | @ | %flow
qti-inline-choice | @ identifier!=name fixed=bool template-identifier=name show-hide=show/hide | %flow
qti-simple-associable-choice | @ identifier!=name fixed=bool template-identifier=name show-hide=show/hide match-group=names match-max!=nat match-min=nat | %flow
qti-simple-match-set | @ | qti-simple-associable-choice*
qti-gap-text | @ identifier!=name template-identifier=name show-hide=show/hide match-group=names match-max!=nat match-min=nat | %flow
qti-gap-img | @ identifier!=name template-identifier=name show-hide=show/hide match-group=names match-max!=nat match-min=nat object-label top left | object/img/picture
qti-gap | @ identifier!=name template-identifier=name show-hide=show/hide match-group=names required=bool match-max=nat match-min=nat |
qti-hottext | @ identifier!=name template-identifier=name show-hide=show/hide | %flow
qti-hotspot-choice | @ identifier!=name template-identifier=name show-hide=show/hide shape!=shape coords=coords hotspot-label |
qti-associable-hotspot | @ identifier!=name template-identifier=name show-hide=show/hide match-group=names shape!=shape coords=coords hotspot-label match-max!=nat match-min=nat |
qti-interaction-modules | @ primary-configuration secondary-configuration | qti-interaction-module*
qti-interaction-module | @ id! primary-path fallback-path |
qti-interaction-markup | @ | %flow
qti-template-variable | @ template-identifier!=name |
qti-context-variable | @ identifier!=name |
qti-feedback-inline | @ outcome-identifier!=name identifier!=name show-hide=show/hide title | %flow
qti-feedback-block | @ outcome-identifier!=name identifier!=name show-hide=show/hide title | ^ qti-stylesheet* qti-content-body qti-catalog-info?
qti-modal-feedback | @ outcome-identifier!=name identifier!=name show-hide!=show/hide title | ^ qti-stylesheet* qti-content-body qti-catalog-info?
qti-template-inline | @ template-identifier!=name identifier!=name show-hide=show/hide | %flow
qti-template-block | @ template-identifier!=name identifier!=name show-hide=show/hide | ^ qti-stylesheet* qti-content-body qti-catalog-info?
qti-printed-variable | @ identifier!=name format base=nat~ index=nat~ power-form=bool field=name delimiter mapping-indicator |

qti-catalog-info | | qti-catalog+
qti-catalog | id!=name | qti-card+
qti-card | support!=supports | qti-html-content/qti-file-href/qti-card-entry*
qti-card-entry | @ default=bool | qti-html-content? qti-file-href*
qti-html-content | @ | %flow
qti-file-href | mime-type=mime | %text
qti-companion-materials-info | | qti-calculator* qti-rule* qti-protractor* qti-digital-material* qti-physical-material* %other*
qti-calculator | | qti-calculator-type qti-description qti-calculator-info?
qti-calculator-type | | %text
qti-description | | %text
qti-calculator-info | label mime-type=mime | qti-file-href qti-resource-icon?
qti-resource-icon | | %text
qti-rule | | qti-description qti-rule-system-si/qti-rule-system-us
qti-rule-system-si | | qti-minimum-length qti-minor-increment? qti-major-increment
qti-rule-system-us | | qti-minimum-length qti-minor-increment? qti-major-increment
qti-minimum-length | @ | %text
qti-minor-increment | @ unit | %text
qti-major-increment | @ unit | %text
qti-protractor | | qti-description qti-increment-si/qti-increment-us
qti-increment-si | | qti-minor-increment? qti-major-increment
qti-increment-us | | qti-minor-increment? qti-major-increment
qti-digital-material | label mime-type=mime | qti-file-href qti-resource-icon?
qti-physical-material | | %text
";
