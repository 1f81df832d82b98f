namespace AkkaScale.Tests.Console;

[CollectionDefinition(Name)]
public sealed class ConsoleCollection : ICollectionFixture<Browser>, ICollectionFixture<QuietCluster>, ICollectionFixture<MovingCluster>
{
    public const string Name = "console";
}
