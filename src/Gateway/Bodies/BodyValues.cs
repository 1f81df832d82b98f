using AkkaScale.Domain.Tasks;

namespace AkkaScale.Gateway.Bodies;

/// <summary>What a body said, by name of the member; null where it said nothing or null.</summary>
internal readonly struct BodyValues(BodyShape shape, object?[] values)
{
    public string Text(string name) => (string)Required(name);

    public string? OptionalText(string name) => (string?)Value(name);

    public DateTimeOffset? Time(string name) => (DateTimeOffset?)Value(name);

    public LabelSet Labels(string name) => (LabelSet?)Value(name) ?? LabelSet.Empty;

    public TEnum Choice<TEnum>(string name)
        where TEnum : struct, Enum => (TEnum)Required(name);

    public TEnum Choice<TEnum>(string name, TEnum otherwise)
        where TEnum : struct, Enum => (TEnum?)Value(name) ?? otherwise;

    private object Required(string name) =>
        Value(name) ?? throw new InvalidOperationException($"The member {name} is optional: ask for it so.");

    private object? Value(string name) => values[shape.IndexOf(name)];
}
