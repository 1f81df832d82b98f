# One image for every role; AKKASCALE__NODE__ROLES says what a container does.
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source

# What decides the restore comes first: the layer is kept until a project file or a version changes.
COPY global.json Directory.Build.props Directory.Build.targets Directory.Packages.props BannedSymbols.txt .editorconfig ./
COPY src/Entities/Entities.csproj src/Entities/
COPY src/Domain/Domain.csproj src/Domain/
COPY src/Cluster/Cluster.csproj src/Cluster/
COPY src/Journal/Journal.csproj src/Journal/
COPY src/Sharding/Sharding.csproj src/Sharding/
COPY src/Gateway/Gateway.csproj src/Gateway/
COPY src/Management/Management.csproj src/Management/
COPY src/Node/Node.csproj src/Node/
RUN dotnet restore src/Node/Node.csproj -p:Precompile=true

COPY src/ src/
# With machine code: what each process would else compile for itself when it starts.
RUN dotnet publish src/Node/Node.csproj --configuration Release --no-restore -p:Precompile=true -p:RunAnalyzers=false --output /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
COPY --from=build /app ./
COPY --chmod=0755 deploy/entrypoint.sh ./

ENV AKKASCALE__NODE__CLUSTERBIND=0.0.0.0:4053 \
    AKKASCALE__NODE__MANAGEMENTBIND=0.0.0.0:8558 \
    AKKASCALE__NODE__GATEWAYBIND=0.0.0.0:8080
EXPOSE 4053 8080 8558

# The base image's unprivileged user.
USER $APP_UID
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=3s --start-period=30s --retries=3 \
    CMD ["dotnet", "/app/AkkaScale.Node.dll", "healthcheck", "http://127.0.0.1:8558/alive"]
ENTRYPOINT ["/app/entrypoint.sh"]
