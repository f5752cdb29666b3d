// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/page/console.h"

#include <QScrollArea>

class QVBoxLayout;

namespace signalbox {

class Card;
class Field;

/// One part of the settings: cards with fields, one below the other.
class Section : public QScrollArea
{
    Q_OBJECT

public:
    /// id: as in PageTarget::item.
    Section(const QString &id, const QString &title, Console &console, QWidget *parent = nullptr);

    const QString &id() const { return m_id; }
    const QString &title() const { return m_title; }
    const QList<Field *> &fields() const { return m_fields; }
    /// By its title, or by words for what is in it without being a field.
    bool answersTo(const QString &typed) const;

    /// The newest snapshot, while it is shown.
    virtual void refresh();
    /// What the target names within it.
    virtual void goTo(const PageTarget &) { }
    /// Where it is, besides its own id.
    virtual void describe(PageTarget &) const { }
    /// Esc. False if there was nothing to leave.
    virtual bool stepBack() { return false; }

protected:
    Console &console() const { return m_console; }
    const EngineSnapshot &snapshot() const { return *m_console.snapshot(); }
    Card *addCard(const QString &title);
    /// The card becomes its owner.
    template <typename FieldType> FieldType *add(Card *card, FieldType *field)
    {
        addField(card, field);
        return field;
    }
    QVBoxLayout *column() const { return m_column; }
    void setKeywords(const QString &words) { m_keywords = words; }

private:
    void addField(Card *card, Field *field);

    Console &m_console;
    QString m_id;
    QString m_title;
    QString m_keywords;
    QVBoxLayout *m_column;
    QList<Field *> m_fields;
};

} // namespace signalbox
