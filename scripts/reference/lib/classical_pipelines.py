"""The classical pipelines that Martlet is compared on: how each is trained, converted, and asked."""

from dataclasses import dataclass
from typing import Callable

import numpy as np
import onnx
import pandas as pd
from lightgbm import LGBMClassifier, LGBMRegressor
from onnxmltools.convert.lightgbm.operator_converters.LightGbm import convert_lightgbm
from onnxmltools.convert.xgboost.operator_converters.XGBoost import convert_xgboost
from skl2onnx import to_onnx, update_registered_converter
from skl2onnx.common.data_types import (
    BooleanTensorType,
    DoubleTensorType,
    FloatTensorType,
    Int64TensorType,
    StringTensorType,
)
from skl2onnx.common.shape_calculator import (
    calculate_linear_classifier_output_shapes,
    calculate_linear_regressor_output_shapes,
)
from sklearn import datasets
from sklearn.calibration import CalibratedClassifierCV
from sklearn.cluster import KMeans
from sklearn.compose import ColumnTransformer
from sklearn.decomposition import PCA, TruncatedSVD
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.ensemble import (
    AdaBoostClassifier,
    BaggingClassifier,
    ExtraTreesClassifier,
    ExtraTreesRegressor,
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    IsolationForest,
    RandomForestClassifier,
    RandomForestRegressor,
    StackingClassifier,
    VotingClassifier,
)
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, WhiteKernel
from sklearn.impute import SimpleImputer
from sklearn.linear_model import (
    ElasticNet,
    Lasso,
    LinearRegression,
    LogisticRegression,
    PoissonRegressor,
    Ridge,
    SGDClassifier,
)
from sklearn.multiclass import OneVsRestClassifier
from sklearn.naive_bayes import BernoulliNB, GaussianNB, MultinomialNB
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    Binarizer,
    KBinsDiscretizer,
    MaxAbsScaler,
    MinMaxScaler,
    Normalizer,
    OneHotEncoder,
    OrdinalEncoder,
    PolynomialFeatures,
    RobustScaler,
    StandardScaler,
)
from sklearn.svm import SVC, SVR, LinearSVC, LinearSVR
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor
from xgboost import XGBClassifier, XGBRegressor

# The converter of histogram boosting hands numpy's integers and truth values on to ONNX, which takes Python's integers.
make_attribute = onnx.helper.make_attribute


def make_attribute_of_numpy(key, value, *arguments, **options):
    if isinstance(value, (list, tuple)):
        value = [item.item() if isinstance(item, np.generic) else item for item in value]
        value = [int(item) if isinstance(item, bool) else item for item in value]
    return make_attribute(key, value, *arguments, **options)


onnx.helper.make_attribute = make_attribute_of_numpy

SEED = 20_240_607
ROWS = 400
OPSET = {"": 18, "ai.onnx.ml": 3}


@dataclass
class Made:
    """One converted pipeline with rows to ask and the answers of its own library."""

    model: onnx.ModelProto
    names: list[str]
    columns: list
    labels: np.ndarray | None
    scores: np.ndarray
    call: str


@dataclass
class Pipeline:
    name: str
    make: Callable[[], Made]


for wrapper, convert, classifies in [
    (LGBMClassifier, convert_lightgbm, True),
    (LGBMRegressor, convert_lightgbm, False),
    (XGBClassifier, convert_xgboost, True),
    (XGBRegressor, convert_xgboost, False),
]:
    update_registered_converter(
        wrapper,
        wrapper.__name__,
        calculate_linear_classifier_output_shapes if classifies else calculate_linear_regressor_output_shapes,
        convert,
        options={"nocl": [True, False], "zipmap": [True, False, "columns"]} if classifies else None,
    )


# ---- Data


def numbers(classes: int = 2, features: int = 10, rows: int = 1200):
    return datasets.make_classification(
        rows, features, n_informative=6, n_redundant=2, n_classes=classes, random_state=SEED
    )


def amounts(features: int = 8, rows: int = 1200):
    x, y = datasets.make_regression(rows, features, n_informative=6, noise=3.0, random_state=SEED)
    return x, y / np.abs(y).max()


def customers(rows: int = 1200) -> tuple[pd.DataFrame, np.ndarray]:
    """Rows as a table has them: numbers with holes, strings, flags."""
    random = np.random.default_rng(SEED)
    age = random.integers(18, 90, rows)
    income = np.round(random.lognormal(10, 0.5, rows), 2).astype(np.float32)
    visits = random.poisson(3, rows)
    city = random.choice(["Lyon", "Graz", "Ghent", "Porto", "Zürich"], rows, p=[0.4, 0.2, 0.2, 0.1, 0.1])
    plan = random.choice(["free", "basic", "pro"], rows)
    member = random.random(rows) < 0.3
    weight = 0.03 * (age - 50) + 0.5 * (city == "Lyon") + 0.8 * (plan == "pro") - 0.4 * member + 0.1 * visits
    target = np.where(weight + random.normal(0, 0.5, rows) > 0.4, "stays", "leaves")
    income[random.random(rows) < 0.1] = np.nan
    frame = pd.DataFrame(
        {"age": age, "income": income, "visits": visits, "city": city, "plan": plan, "member": member}
    )
    return frame, target


SENTENCES = [
    "the film was a joy from the first scene to the last",
    "dull, slow and far too long",
    "I would see it again tomorrow",
    "the cast is wasted on a weak story",
    "a warm and funny portrait of a family",
    "nothing in it made me laugh",
    "great music, great light, great acting",
    "bad sound and bad jokes",
]


def sentences(rows: int = 600) -> tuple[list[str], np.ndarray]:
    random = np.random.default_rng(SEED)
    words = sorted({word for sentence in SENTENCES for word in sentence.replace(",", "").split()})
    texts, labels = [], []
    for _ in range(rows):
        index = int(random.integers(len(SENTENCES)))
        parts = SENTENCES[index].split() + list(random.choice(words, 4))
        random.shuffle(parts)
        texts.append(" ".join(parts))
        labels.append("good" if index % 2 == 0 else "bad")
    return texts, np.array(labels)


# ---- Kinds of pipelines


def split(x, y):
    """Training rows and rows to ask, as float32: what the ONNX file will see."""
    x = np.asarray(x, dtype=np.float32)
    first = len(x) - min(ROWS, len(x) // 3)
    return x[:first], y[:first], x[first:]


def vector_call(names: list[str]) -> str:
    return f"m([{', '.join(names)}])"


def vector(
    model, x, scores: Callable, labels: Callable | None, options: dict | None = None, kind: type = FloatTensorType
) -> Made:
    """A model of one input of k numbers, asked with the columns f0 … f(k-1)."""
    names = [f"f{index}" for index in range(x.shape[1])]
    proto = to_onnx(
        model,
        initial_types=[("X", kind([None, x.shape[1]]))],
        target_opset=OPSET,
        options=options,
    )
    return Made(
        proto, names, list(x.T), labels(x) if labels else None, scores(x), vector_call(names)
    )


def classifier(name: str, model, classes: int = 2, data: Callable | None = None, scores: str = "predict_proba", options: dict | None = None):
    def make() -> Made:
        x, y, ask = split(*(data or (lambda: numbers(classes)))())
        model.fit(x, y)
        given = {id(model): options} if options else None
        return vector(model, ask, getattr(model, scores), model.predict, given)

    return Pipeline(name, make)


def regressor(name: str, model, data: Callable = amounts, kind: type = FloatTensorType):
    def make() -> Made:
        x, y, ask = split(*data())
        model.fit(x, y)
        return vector(model, ask, model.predict, None, kind=kind)

    return Pipeline(name, make)


def transformer(name: str, model, data: Callable = amounts):
    def make() -> Made:
        x, y, ask = split(*data())
        model.fit(x, y)

        def dense(rows):
            result = model.transform(rows)
            return result.toarray() if hasattr(result, "toarray") else result

        return vector(model, ask, dense, None)

    return Pipeline(name, make)


def column_types(frame: pd.DataFrame) -> list:
    """One input for each column of the table."""
    kinds = {"i": Int64TensorType, "f": FloatTensorType, "b": BooleanTensorType}
    return [(name, kinds.get(frame[name].dtype.kind, StringTensorType)([None, 1])) for name in frame.columns]


def table(name: str, model, columns: list[str], options: dict | None = None):
    """A model with one input for each column of a table."""

    def make() -> Made:
        frame, target = customers()
        frame = frame[columns]
        model.fit(frame[:-ROWS], target[:-ROWS])
        ask = frame[-ROWS:]
        proto = to_onnx(model, initial_types=column_types(frame), target_opset=OPSET, options=options)
        return Made(
            proto,
            columns,
            [list(ask[column]) for column in columns],
            model.predict(ask),
            model.predict_proba(ask),
            "m(*)",
        )

    return Pipeline(name, make)


def words(name: str, model):
    """A model of one string."""

    def make() -> Made:
        texts, labels = sentences()
        model.fit(texts[:-200], labels[:-200])
        ask = texts[-200:]
        # By default the converter takes words of one letter, which scikit-learn leaves out.
        options = {id(model[0]): {"tokenexp": "[a-zA-Z0-9_][a-zA-Z0-9_]+"}}
        proto = to_onnx(
            model, initial_types=[("text", StringTensorType([None, 1]))], target_opset=OPSET, options=options
        )
        return Made(proto, ["text"], [ask], model.predict(ask), model.predict_proba(ask), "m(text)")

    return Pipeline(name, make)


def with_holes():
    x, y = amounts()
    x = x.astype(np.float32)
    x[np.random.default_rng(SEED).random(x.shape) < 0.1] = np.nan
    return x, y


def with_codes():
    """Two features that are codes of categories, the rest numbers."""
    x, y = numbers()
    random = np.random.default_rng(SEED)
    x[:, 0] = random.integers(0, 12, len(x))
    x[:, 1] = random.integers(0, 5, len(x))
    y = np.where(np.isin(x[:, 0], [1, 4, 7]) ^ (x[:, 2] > 0), 1, y)
    return x, y


def with_strings():
    x, y = numbers(3)
    return x, np.array(["heron", "martlet", "swift"])[y]


def loaded(load: Callable) -> Callable:
    """A data set that comes with scikit-learn, shuffled."""

    def make():
        bunch = load()
        order = np.random.default_rng(SEED).permutation(len(bunch.target))
        return bunch.data[order], bunch.target[order]

    return make


def counts():
    x, y = numbers(3)
    return np.floor(np.abs(x) * 3), y


def lightgbm_categories() -> Made:
    """Splits by sets of categories, which become chains of equality tests."""
    x, y, ask = split(*with_codes())
    model = LGBMClassifier(n_estimators=40, random_state=SEED, verbose=-1, min_data_per_group=5, cat_smooth=1)
    model.fit(x, y, categorical_feature=[0, 1])
    return vector(model, ask, model.predict_proba, model.predict)


def mixed_columns(scales: bool = True) -> ColumnTransformer:
    """Trees get columns as they are: thresholds between scaled float64 numbers would move when they become float32."""
    return ColumnTransformer(
        [
            ("holes", make_pipeline(SimpleImputer(), StandardScaler()) if scales else SimpleImputer(), ["income"]),
            ("numbers", StandardScaler() if scales else "passthrough", ["age", "visits"]),
            ("words", OneHotEncoder(handle_unknown="ignore"), ["city", "plan"]),
        ]
    )


PIPELINES = [
    # Linear models
    regressor("linear-regression", LinearRegression()),
    regressor("ridge", make_pipeline(StandardScaler(), Ridge())),
    regressor("lasso", Lasso(alpha=0.01)),
    regressor("elastic-net", ElasticNet(alpha=0.01)),
    regressor("poisson", PoissonRegressor(), lambda: (amounts()[0], np.abs(amounts()[1]))),
    regressor("linear-svr", LinearSVR(random_state=SEED)),
    classifier("logistic-binary", LogisticRegression()),
    classifier("logistic-multi", LogisticRegression(), 3),
    classifier("logistic-strings", make_pipeline(StandardScaler(), LogisticRegression()), data=with_strings),
    classifier("sgd", SGDClassifier(loss="log_loss", random_state=SEED)),
    classifier("linear-svc", LinearSVC(random_state=SEED), scores="decision_function"),
    classifier("linear-svc-multi", LinearSVC(random_state=SEED), 3, scores="decision_function"),
    classifier("lda", LinearDiscriminantAnalysis(), 3),
    classifier("one-vs-rest", OneVsRestClassifier(LogisticRegression()), 4),
    # Support vectors
    classifier("svc-rbf", SVC(probability=True, random_state=SEED)),
    classifier("svc-poly-multi", SVC(kernel="poly", probability=True, random_state=SEED), 3),
    classifier("svc-votes", SVC(kernel="rbf", decision_function_shape="ovr"), 4, scores="decision_function"),
    regressor("svr", SVR(C=2.0)),
    # Trees
    classifier("decision-tree", DecisionTreeClassifier(max_depth=6, random_state=SEED), 3),
    regressor("decision-tree-regression", DecisionTreeRegressor(max_depth=8, random_state=SEED)),
    classifier("random-forest", RandomForestClassifier(60, random_state=SEED)),
    classifier("random-forest-multi", RandomForestClassifier(40, max_depth=8, random_state=SEED), 4),
    classifier("random-forest-digits", RandomForestClassifier(30, random_state=SEED), data=loaded(datasets.load_digits)),
    regressor("random-forest-regression", RandomForestRegressor(40, random_state=SEED)),
    classifier("extra-trees", ExtraTreesClassifier(40, random_state=SEED), 3),
    regressor("extra-trees-regression", ExtraTreesRegressor(30, random_state=SEED)),
    classifier("gradient-boosting", GradientBoostingClassifier(random_state=SEED)),
    classifier("gradient-boosting-multi", GradientBoostingClassifier(n_estimators=40, random_state=SEED), 3),
    regressor("gradient-boosting-regression", GradientBoostingRegressor(random_state=SEED), loaded(datasets.load_diabetes)),
    classifier("hist-gradient-boosting", HistGradientBoostingClassifier(random_state=SEED)),
    regressor("hist-gradient-boosting-holes", HistGradientBoostingRegressor(random_state=SEED), with_holes),
    classifier("ada-boost", AdaBoostClassifier(n_estimators=30, random_state=SEED), 3),
    classifier("bagging", BaggingClassifier(n_estimators=10, random_state=SEED), 3),
    classifier("isolation-forest", IsolationForest(n_estimators=40, random_state=SEED), scores="decision_function"),
    # Boosting libraries
    classifier("lightgbm-binary", LGBMClassifier(n_estimators=100, random_state=SEED, verbose=-1), options={"zipmap": True}),
    classifier("lightgbm-multi", LGBMClassifier(n_estimators=60, random_state=SEED, verbose=-1), 4, options={"zipmap": False}),
    regressor("lightgbm-regression", LGBMRegressor(n_estimators=100, random_state=SEED, verbose=-1)),
    Pipeline("lightgbm-categories", lambda: lightgbm_categories()),
    classifier("xgboost-binary", XGBClassifier(n_estimators=80, random_state=SEED), options={"zipmap": True}),
    classifier("xgboost-multi", XGBClassifier(n_estimators=40, max_depth=4, random_state=SEED), 3, options={"zipmap": False}),
    regressor("xgboost-regression", XGBRegressor(n_estimators=80, random_state=SEED)),
    regressor("xgboost-holes", XGBRegressor(n_estimators=60, random_state=SEED), with_holes),
    # Neighbours, networks, probabilities
    classifier("knn", KNeighborsClassifier(5), 3),
    regressor("knn-regression", KNeighborsRegressor(4)),
    classifier("mlp", MLPClassifier((24, 12), max_iter=300, random_state=SEED), 3),
    classifier("mlp-binary", make_pipeline(MinMaxScaler(), MLPClassifier((16,), activation="tanh", max_iter=300, random_state=SEED))),
    regressor("mlp-regression", MLPRegressor(hidden_layer_sizes=(20,), max_iter=400, random_state=SEED)),
    classifier("gaussian-nb", GaussianNB(), 3),
    classifier("multinomial-nb", MultinomialNB(), data=counts),
    classifier("bernoulli-nb", BernoulliNB(binarize=0.5), 3),
    regressor("gaussian-process", GaussianProcessRegressor(RBF() + WhiteKernel(), random_state=SEED), lambda: amounts(4, 700), DoubleTensorType),
    # Combinations
    classifier(
        "voting",
        VotingClassifier([("a", LogisticRegression()), ("b", DecisionTreeClassifier(max_depth=5, random_state=SEED))], voting="soft", flatten_transform=False),
        3,
    ),
    classifier(
        "stacking",
        StackingClassifier([("a", LogisticRegression()), ("b", RandomForestClassifier(20, max_depth=5, random_state=SEED))]),
    ),
    classifier("calibrated", CalibratedClassifierCV(LinearSVC(random_state=SEED), cv=3)),
    # Steps before a model
    classifier("pca", make_pipeline(StandardScaler(), PCA(5, random_state=SEED), LogisticRegression()), data=loaded(datasets.load_breast_cancer)),
    regressor("truncated-svd", make_pipeline(TruncatedSVD(4, random_state=SEED), Ridge())),
    regressor("robust-scaler", make_pipeline(RobustScaler(), Ridge())),
    regressor("max-abs-scaler", make_pipeline(MaxAbsScaler(), Ridge())),
    classifier("normalizer", make_pipeline(Normalizer(), LogisticRegression())),
    classifier("binarizer", make_pipeline(Binarizer(threshold=0.2), LogisticRegression())),
    regressor("bins", make_pipeline(KBinsDiscretizer(5, encode="onehot-dense", strategy="quantile"), Ridge())),
    regressor("polynomial", make_pipeline(PolynomialFeatures(2), Ridge())),
    regressor("imputer", make_pipeline(SimpleImputer(strategy="median"), Ridge()), with_holes),
    transformer("k-means", KMeans(5, n_init=3, random_state=SEED)),
    # Tables
    table("columns-numbers", make_pipeline(StandardScaler(), LogisticRegression()), ["age", "visits"]),
    table("columns-mixed", make_pipeline(mixed_columns(), LogisticRegression()), ["age", "income", "visits", "city", "plan"]),
    table("columns-forest", make_pipeline(mixed_columns(scales=False), RandomForestClassifier(30, max_depth=6, random_state=SEED)), ["age", "income", "visits", "city", "plan"]),
    table("columns-lightgbm", make_pipeline(mixed_columns(scales=False), LGBMClassifier(n_estimators=30, verbose=-1)), ["age", "income", "visits", "city", "plan"]),
    table(
        "columns-ordinal",
        make_pipeline(
            ColumnTransformer([("words", OrdinalEncoder(), ["city", "plan"]), ("rest", "passthrough", ["age"])]),
            DecisionTreeClassifier(max_depth=5, random_state=SEED),
        ),
        ["city", "plan", "age"],
    ),
    # Texts
    words("tfidf", make_pipeline(TfidfVectorizer(), LogisticRegression())),
    words("counts", make_pipeline(CountVectorizer(ngram_range=(1, 2), lowercase=True), MultinomialNB())),
]
