namespace AkkaScale.Management.Access;

/// <summary>Marks a route that changes nothing and is for operators all the same: it shows what viewers need not see.</summary>
internal sealed class NeedsOperator;
