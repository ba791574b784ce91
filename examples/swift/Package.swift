// swift-tools-version:6.0
// The main job in Swift; `scripts/swift.sh run examples/swift Job` builds the library and runs it.
import PackageDescription

let package = Package(
    name: "Job",
    platforms: [.macOS(.v13)],
    dependencies: [.package(name: "Chartkeeper", path: "../../bindings-swift")],
    targets: [
        .executableTarget(name: "Quickstart", dependencies: [.product(name: "Chartkeeper", package: "Chartkeeper")]),
        .executableTarget(name: "Job", dependencies: [.product(name: "Chartkeeper", package: "Chartkeeper")])
    ]
)
