using System.Collections.Immutable;
using Akka.Persistence.Journal;
using static AkkaScale.Tests.Journal.Conformance.TestEventSerializer;

namespace AkkaScale.Tests.Journal.Conformance;

/// <summary>The adapters of the rules: one wraps, one reads an event as two, one as none, one tags.</summary>
public static class EventAdapterSettings
{
    private static readonly string Block =
        $$"""
        event-adapters {
          wrap = "{{Name<WrappingAdapter>()}}"
          double = "{{Name<DoublingAdapter>()}}"
          drop = "{{Name<DroppingAdapter>()}}"
          label = "{{Name<LabellingAdapter>()}}"
        }
        event-adapter-bindings {
          "{{Name<Wrapped>()}}" = wrap
          "{{Name<Renamed>()}}" = [wrap, double, drop]
          "{{Name<Doubled>()}}" = double
          "{{Name<Dropped>()}}" = drop
          "{{Name<Labelled>()}}" = label
        }
        """;

    public static string Text { get; } = $"akka.persistence.journal.sql {{\n{Block}\n}}\n";
}

/// <summary>Stored as a <see cref="Renamed"/> and read back from it; the manifest it names carries the length.</summary>
public sealed class WrappingAdapter : IEventAdapter
{
    public string Manifest(object evt) => $"length {((Wrapped)evt).Text.Length}";

    public object ToJournal(object evt) => new Renamed("wrapped " + ((Wrapped)evt).Text);

    public IEventSequence FromJournal(object evt, string manifest) =>
        evt is Renamed { Text: var text } && text.StartsWith("wrapped ", StringComparison.Ordinal)
            ? EventSequence.Single(new Wrapped($"{text["wrapped ".Length..]} ({manifest})"))
            : EventSequence.Empty;
}

public sealed class DoublingAdapter : IEventAdapter
{
    public string Manifest(object evt) => "";

    public object ToJournal(object evt) => new Renamed("doubled " + ((Doubled)evt).Text);

    public IEventSequence FromJournal(object evt, string manifest) =>
        evt is Renamed { Text: var text } && text.StartsWith("doubled ", StringComparison.Ordinal)
            ? EventSequence.Create(new Doubled(text["doubled ".Length..]), new Doubled(text["doubled ".Length..]))
            : EventSequence.Empty;
}

public sealed class DroppingAdapter : IEventAdapter
{
    public string Manifest(object evt) => "";

    public object ToJournal(object evt) => new Renamed("dropped " + ((Dropped)evt).Text);

    public IEventSequence FromJournal(object evt, string manifest) => EventSequence.Empty;
}

/// <summary>The usual way to tag: the write adapter returns the event with its tags.</summary>
public sealed class LabellingAdapter : IWriteEventAdapter
{
    public string Manifest(object evt) => "";

    public object ToJournal(object evt) =>
        new Tagged(new Noted(((Labelled)evt).Text), ImmutableHashSet.Create(((Labelled)evt).Text.Split(' ')));
}
