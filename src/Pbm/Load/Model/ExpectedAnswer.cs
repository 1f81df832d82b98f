namespace AkkaScale.Pbm.Load.Model;

/// <summary>What a command must be answered by the rules of the API.</summary>
/// <param name="Code">Of the refusal; null: the command is accepted.</param>
/// <param name="Version">Of the entity after the command; 0 where there is no entity.</param>
/// <param name="Changed">An event is appended, so that the version grew by one.</param>
public readonly record struct ExpectedAnswer(string? Code, long Version, bool Changed)
{
    public bool IsRefusal => Code is not null;

    public static ExpectedAnswer Applied(long version) => new(null, version, true);

    public static ExpectedAnswer Unchanged(long version) => new(null, version, false);

    public static ExpectedAnswer Refused(string code, long version = 0) => new(code, version, false);
}
