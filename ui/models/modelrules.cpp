// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/modelrules.h"

#include "ui/style/lamp.h"

#include <QRegularExpression>

#include <algorithm>

namespace signalbox {

namespace {

bool hasControls(const QString &text)
{
    return std::any_of(text.begin(), text.end(), [](QChar c) { return c.category() == QChar::Other_Control; });
}

} // namespace

bool coversPattern(const QString &wide, const QString &narrow)
{
    // A '*' of the narrow one is matched as a character, which only a '*' of the wide one can do: then any run that it
    // stands for is matched as well.
    QString pattern = QRegularExpression::escape(wide);
    pattern.replace(QLatin1String("\\*"), QLatin1String(".*"));
    return QRegularExpression(QRegularExpression::anchoredPattern(pattern)).match(narrow).hasMatch();
}

/// The loader's rules for "models", and what they would make useless.
ModelRules::Problem ModelRules::problemOf(std::size_t row) const
{
    const auto &[pattern, target] = m_mappings[row];
    if (pattern.isEmpty())
        return { tr("Which model do clients ask for? * stands for any."), true };
    if (target.isEmpty())
        return { tr("What does the provider call it? * keeps the client's name."), true };
    if (hasControls(pattern) || hasControls(target))
        return { tr("Names hold no control characters."), true };
    if (target.contains(QLatin1Char('*')) && target != QLatin1String("*"))
        return { tr("This must be one model's name, or * alone."), true };
    for (std::size_t i = 0; i < row; ++i) {
        const QString &earlier = m_mappings[i].pattern;
        if (earlier == pattern)
            return { tr("%1 is there twice.").arg(pattern), true };
        // An exact name goes before any pattern.
        const bool patterns = earlier.contains(QLatin1Char('*')) && pattern.contains(QLatin1Char('*'));
        if (patterns && coversPattern(earlier, pattern))
            return { tr("Never used: %1 comes first.").arg(earlier), false };
    }
    return {};
}

void ModelRules::checkAgain()
{
    std::vector<Problem> problems;
    for (std::size_t i = 0; i < m_mappings.size(); ++i)
        problems.push_back(problemOf(i));
    m_problems = std::move(problems);
    if (!m_mappings.empty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

bool ModelRules::isValid() const
{
    return std::none_of(m_problems.begin(), m_problems.end(), [](const Problem &problem) { return problem.isError; });
}

void ModelRules::setMappings(const std::vector<ModelMapping> &mappings)
{
    if (mappings == m_mappings)
        return;
    beginResetModel();
    m_mappings = mappings;
    m_problems.assign(m_mappings.size(), {});
    endResetModel();
    checkAgain();
}

void ModelRules::setEditable(bool editable)
{
    m_editable = editable;
}

int ModelRules::add()
{
    const int row = rowCount();
    beginInsertRows({}, row, row);
    m_mappings.push_back({ QString(), QStringLiteral("*") });
    m_problems.push_back({});
    endInsertRows();
    checkAgain();
    Q_EMIT edited();
    return row;
}

void ModelRules::remove(int row)
{
    if (row < 0 || row >= rowCount())
        return;
    beginRemoveRows({}, row, row);
    m_mappings.erase(m_mappings.begin() + row);
    m_problems.erase(m_problems.begin() + row);
    endRemoveRows();
    checkAgain();
    Q_EMIT edited();
}

void ModelRules::move(int row, int to)
{
    if (row == to || std::min(row, to) < 0 || std::max(row, to) >= rowCount())
        return;
    beginMoveRows({}, row, row, {}, to > row ? to + 1 : to);
    const ModelMapping moved = m_mappings[static_cast<std::size_t>(row)];
    m_mappings.erase(m_mappings.begin() + row);
    m_mappings.insert(m_mappings.begin() + to, moved);
    endMoveRows();
    checkAgain();
    Q_EMIT edited();
}

int ModelRules::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_mappings.size());
}

int ModelRules::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant ModelRules::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const auto row = static_cast<std::size_t>(index.row());
    const Problem &problem = m_problems[row];
    QVariant lamp = problem.text.isEmpty()
        ? QVariant()
        : QVariant(static_cast<int>(problem.isError ? LampShape::Square : LampShape::Triangle));
    switch (role) {
    case Qt::DisplayRole:
    case Qt::EditRole:
        return index.column() == PatternColumn ? m_mappings[row].pattern
            : index.column() == TargetColumn   ? m_mappings[row].target
                                               : problem.text;
    case Qt::ToolTipRole:
        return index.column() == ProblemColumn ? QVariant(problem.text) : QVariant();
    case Qt::AccessibleTextRole: {
        const QString text = data(index, Qt::DisplayRole).toString();
        if (index.column() == ProblemColumn && text.isEmpty())
            return tr("no problem");
        return tr("%1: %2").arg(headerData(index.column(), Qt::Horizontal).toString(),
                                text.isEmpty() ? tr("empty") : text);
    }
    case LampRole:
        return index.column() == ProblemColumn ? lamp : QVariant();
    case TintRole:
        return lamp;
    default:
        return {};
    }
}

bool ModelRules::setData(const QModelIndex &index, const QVariant &value, int role)
{
    if (role != Qt::EditRole || !index.isValid() || !m_editable || index.column() == ProblemColumn)
        return false;
    ModelMapping &mapping = m_mappings[static_cast<std::size_t>(index.row())];
    QString &member = index.column() == PatternColumn ? mapping.pattern : mapping.target;
    const QString text = value.toString().trimmed();
    if (text == member)
        return true;
    member = text;
    checkAgain();
    Q_EMIT edited();
    return true;
}

QVariant ModelRules::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Vertical)
        return role == Qt::DisplayRole ? QVariant(section + 1) : QVariant();
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::AlignLeft | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case PatternColumn:
        return tr("Client asks for");
    case TargetColumn:
        return tr("Provider gets");
    case ProblemColumn:
        return tr("Check");
    default:
        return {};
    }
}

Qt::ItemFlags ModelRules::flags(const QModelIndex &index) const
{
    if (!index.isValid())
        return Qt::NoItemFlags;
    const Qt::ItemFlags flags = Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemNeverHasChildren;
    return m_editable && index.column() != ProblemColumn ? flags | Qt::ItemIsEditable : flags;
}

} // namespace signalbox
