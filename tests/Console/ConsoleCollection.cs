namespace AkkaScale.Tests.Console;

[CollectionDefinition(Name)]
public sealed class ConsoleCollection : ICollectionFixture<Browser>, ICollectionFixture<QuietCluster>
{
    public const string Name = "console";
}
